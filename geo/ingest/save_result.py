"""Save an accepted import result: as a session layer, or in the shared store."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import LayerExistsError, StoreError
from geo.ingest.to_store import to_store_layer
from geo.store import LayerSpec
from geo.text.slugs import make_layer_name

if TYPE_CHECKING:
    from geo.ingest.base.model import ImportResult
    from geo.store import LayerInfo, LayerStore

SESSION_PREFIX = "own-"
ORIGINALS = "originals"
_MAX_LENGTH = 60


def make_session_name(title: str) -> str:
    """Return a unique name for a session layer; no other layer has its prefix."""
    return (
        f"{SESSION_PREFIX}{make_layer_name(title)[:_MAX_LENGTH].strip('-_')}-{secrets.token_hex(3)}"
    )


def save_layer(store: LayerStore, name: str, result: ImportResult, title: str) -> LayerInfo:
    """Write the accepted rows of a result as a layer, completely or not at all.

    The id and label columns are those detected.

    Raises
    ------
    geo.errors.StoreError
        If there is no accepted row, or the store cannot write the layer.
    """
    if not result.accepted:
        msg = f"“{result.name}” has no row that could be accepted, so there is no layer to save."
        raise StoreError(msg)
    frame, times = to_store_layer(result)
    columns = set(frame.columns)
    detected = result.detected
    return store.write(
        name,
        frame,
        LayerSpec(
            title=title,
            id_column=detected.id if detected.id in columns else None,
            time_columns=times,
            label_column=detected.label if detected.label in columns else None,
            attribution="An uploaded layer; not part of the evidence",
        ),
    )


def share_layer(
    store: LayerStore, folder: Path, result: ImportResult, body: bytes, *, title: str, who: str
) -> LayerInfo:
    """Write a result to the shared store, and save the original file beside it.

    Parameters
    ----------
    store : geo.store.LayerStore
        The shared store.
    folder : pathlib.Path
        The store's folder; originals are in a subfolder that is not read as layers.
    result : geo.ingest.ImportResult
    body : bytes
        The original file.
    title, who : str
        `who` is part of the layer's attribution, with the date.

    Raises
    ------
    geo.errors.StoreError
        If a layer of that title exists, `who` is empty, or writing fails; the store is unchanged
        then.
    """
    who = " ".join(who.split())[:100]
    if not who:
        msg = "Enter who shares the layer: everybody will see it under that name."
        raise StoreError(msg)
    name = make_layer_name(title)[:_MAX_LENGTH].strip("-_")
    taken = f"There is a layer “{title}” already. Choose another title."
    if name in {*(one.name for one in store.layers()), *(one.name for one in store.faults())}:
        raise StoreError(taken)
    now = dt.datetime.now(dt.UTC)
    original = _save_original(folder, name, now, result.name, body)
    try:
        frame, times = to_store_layer(result)
        return store.write(
            name,
            frame,
            LayerSpec(
                title=title,
                id_column=result.detected.id,
                time_columns=times,
                label_column=result.detected.label,
                attribution=f"Shared by {who} on {now:%d %B %Y}; not part of the evidence",
            ),
            new=True,
        )
    except LayerExistsError as error:  # created by someone else meanwhile
        original.unlink(missing_ok=True)
        raise StoreError(taken) from error
    except Exception:
        original.unlink(missing_ok=True)
        raise


def _save_original(folder: Path, name: str, now: dt.datetime, given: str, body: bytes) -> Path:
    """Write the original under a generated name; user input is never used as a path."""
    stem, dot, suffix = given.rpartition(".")
    ending = make_layer_name(suffix)[:10] if dot and stem else "bin"
    unique = secrets.token_hex(3)  # two people may share the same title in the same second
    path = folder / ORIGINALS / f"{name}-{now:%Y%m%dT%H%M%S}-{unique}.{ending}"
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        partial.write_bytes(body)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        msg = f"The original file cannot be saved ({error.strerror}); nothing was shared."
        raise StoreError(msg) from error
    return path
