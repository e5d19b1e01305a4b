"""What becomes of a reading that somebody accepts: a layer of their own, or one for everybody."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import LayerExistsError, StoreError
from geo.store import LayerSpec
from geo.text.slugs import make_layer_name

if TYPE_CHECKING:
    from geo.ingest.base.model import ImportResult
    from geo.store import LayerInfo, LayerStore

OWN = "own-"
ORIGINALS = "originals"
_LONGEST = 60


def own_name(title: str) -> str:
    """Return a name for a layer of one's own: no shipped or shared layer begins so."""
    return f"{OWN}{make_layer_name(title)[:_LONGEST].strip('-_')}-{secrets.token_hex(3)}"


def write_reading(store: LayerStore, name: str, reading: ImportResult, title: str) -> LayerInfo:
    """Write the accepted rows of a reading as a layer, whole or not at all.

    Parameters
    ----------
    store : geo.store.LayerStore
        One that can be written to.
    name, title : str
    reading : geo.ingest.Reading
        Its guesses name id and label column.

    Raises
    ------
    geo.errors.StoreError
        If there is nothing to write, or the store does not take it.
    """
    if not reading.accepted:
        msg = f"“{reading.name}” has no row that could be accepted, so there is no layer to keep."
        raise StoreError(msg)
    frame, times = reading.as_layer()
    columns = set(frame.columns)
    guess = reading.guessed
    return store.write(
        name,
        frame,
        LayerSpec(
            title=title,
            id_column=guess.id if guess.id in columns else None,
            time_columns=times,
            label_column=guess.label if guess.label in columns else None,
            attribution="A layer that a reader brought; not part of the evidence",
        ),
    )


def share_reading(
    store: LayerStore, folder: Path, reading: ImportResult, body: bytes, *, title: str, who: str
) -> LayerInfo:
    """Put a reading into the shared store for everybody, and keep the original file beside it.

    Parameters
    ----------
    store : geo.store.LayerStore
        The shared store.
    folder : pathlib.Path
        Its folder; originals are kept in a folder inside it, which no layer is read from.
    reading : geo.ingest.Reading
    body : bytes
        The file as it came.
    title, who : str
        `who` stands in the layer's attribution, with the day.

    Raises
    ------
    geo.errors.StoreError
        If a layer of that title is there already, `who` is empty, or the disk does not take it;
        nothing is changed then.
    """
    who = " ".join(who.split())[:100]
    if not who:
        msg = "Say who shares the layer: everybody will see it under that name."
        raise StoreError(msg)
    name = make_layer_name(title)[:_LONGEST].strip("-_")
    taken = f"There is a layer “{title}” already. Choose another title."
    if name in {*(one.name for one in store.layers()), *(one.name for one in store.faults())}:
        raise StoreError(taken)
    now = dt.datetime.now(dt.UTC)
    original = _keep_original(folder, name, now, reading.name, body)
    try:
        frame, times = reading.as_layer()
        return store.write(
            name,
            frame,
            LayerSpec(
                title=title,
                id_column=reading.guessed.id,
                time_columns=times,
                label_column=reading.guessed.label,
                attribution=f"Shared by {who} on {now:%d %B %Y}; not part of the evidence",
            ),
            new=True,
        )
    except LayerExistsError as error:  # of somebody who shared it in this very moment
        original.unlink(missing_ok=True)
        raise StoreError(taken) from error
    except Exception:
        original.unlink(missing_ok=True)
        raise


def _keep_original(folder: Path, name: str, now: dt.datetime, given: str, body: bytes) -> Path:
    """Keep a file under a name of our own: what a person typed is never a path."""
    stem, dot, suffix = given.rpartition(".")
    ending = make_layer_name(suffix)[:10] if dot and stem else "bin"
    mark = secrets.token_hex(3)  # two people may share the same title in the same second
    path = folder / ORIGINALS / f"{name}-{now:%Y%m%dT%H%M%S}-{mark}.{ending}"
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_bytes(body)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        msg = f"The original file cannot be kept ({error.strerror}); nothing was shared."
        raise StoreError(msg) from error
    return path
