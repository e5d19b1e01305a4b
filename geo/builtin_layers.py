"""The built-in layers: the evidence records as a layer store, in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
from geopandas import GeoDataFrame
from pydantic import BaseModel

from geo.errors import StoreError
from geo.evidence import Evidence, builtin_evidence, layer_tables
from geo.ledger.models import NO_EVENTS
from geo.ledger.states import write_version
from geo.store import LayerInfo, LayerSpec, LayerStore, OverlayStore, open_store
from geo.store.bulk.row_stream import make_batch
from geo.store.core import errors
from geo.store.core.api import DETECT_ALL, EVERYTHING, Batch, LayerFault, Query
from geo.store.core.date_window import compute_day_ranges, find_first_and_last_day
from geo.store.core.normalise import classify_geometry, compute_extent, normalise
from geo.store.core.time_zone import case_time_zone
from geo.store.query.row_filter import FilterableRows

REMEMBERED = 256  # selections of each layer whose rows are kept
OBSERVED = ("observed_from", "observed_to")
ATTRIBUTION = "Public press reporting; see the evidence records"
Frames = Callable[[Evidence, layer_tables.Outlines], GeoDataFrame]
LAYERS: dict[str, tuple[Frames, str, tuple[str, str] | None, str]] = {
    "claims": (layer_tables.build_claims_frame, "Claims of public reporting", OBSERVED, "says"),
    "places": (layer_tables.build_places_frame, "Places", None, "name"),
    "routes": (
        lambda evidence, _: layer_tables.build_routes_frame(evidence),
        "Roads, schematic",
        None,
        "name",
    ),
    "rings": (
        lambda evidence, _: layer_tables.build_rings_frame(evidence),
        "Distances from {centre}",
        None,
        "name",
    ),
}


class EvidenceStore(LayerStore):
    """The layers claims, places, routes and rings of some evidence; nobody can write to it.

    Equal evidence has an equal `version`, which the caller gives; `shared` is the version of what
    all readers see, where this one holds drafts too. `history` returns the store as it was at the
    end of a day (ISO), or at an earlier version; ViewError if that is not known.
    """

    def __init__(
        self,
        evidence: Evidence,
        version: str = "",
        shared: str = "",
        history: Callable[[str], EvidenceStore] | None = None,
    ) -> None:
        self.evidence = evidence
        self.history = history
        self._version = version or _write_case_version(evidence)
        self._shared = shared or self._version
        self._lock = threading.Lock()
        self._held: dict[str, tuple[LayerInfo, FilterableRows, GeoDataFrame]] = {}

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer."""
        return tuple(info for info, _, _ in self._build().values())

    def layer(self, name: str) -> LayerInfo:
        """One layer."""
        return self._find(name)[0]

    def faults(self) -> tuple[LayerFault, ...]:
        """Return none: the records were checked."""
        return ()

    def read(self, name: str, query: Query = EVERYTHING) -> GeoDataFrame:
        """Read rows of a layer (see `LayerStore.read`)."""
        return self._find(name)[1].select(query)

    def batch_columns(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns in order."""
        return tuple(column for column in self._find(name)[2].columns if column != "geometry")

    def read_batches(
        self, name: str, columns: Sequence[str], *, places: bool = False
    ) -> Iterator[Batch]:
        """Yield these columns of all rows of a layer, at once."""
        yield make_batch(self._find(name)[2], columns, places=places)

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (see `LayerStore.read_positions`)."""
        frame = self._find(name)[2]
        if len(positions) and positions.max() >= len(frame):
            raise errors.replaced_error(name)
        return frame.iloc[positions].copy()

    def write(
        self,
        name: str,
        rows: GeoDataFrame,
        spec: LayerSpec = DETECT_ALL,
        *,
        new: bool = False,
    ) -> LayerInfo:
        """Raise StoreError: the records make these layers."""
        self._refuse(name)

    def remove(self, name: str) -> None:
        """Raise StoreError: the records make these layers."""
        self._refuse(name)

    def version(self) -> str:
        """A short token over the evidence."""
        return self._version

    def shared_version(self) -> str:
        """The token of the evidence that every reader sees."""
        return self._shared

    def _refuse(self, name: str) -> NoReturn:
        msg = f"Layer {name!r} cannot be written here: it is made from the evidence records."
        raise StoreError(f"{msg} Name a folder or database in STORE_URL for further layers.")

    def _find(self, name: str) -> tuple[LayerInfo, FilterableRows, GeoDataFrame]:
        held = self._build()
        if name not in held:
            raise errors.not_found_error(name, held)
        return held[name]

    def _build(self) -> dict[str, tuple[LayerInfo, FilterableRows, GeoDataFrame]]:
        """Build all layers, once; the outlines of places for claims and places together."""
        if not self._held:
            with self._lock:
                if not self._held:
                    outlines = layer_tables.build_outlines(self.evidence)
                    self._held = {name: self._build_one(name, outlines) for name in LAYERS}
        return self._held

    def _build_one(
        self, name: str, outlines: layer_tables.Outlines
    ) -> tuple[LayerInfo, FilterableRows, GeoDataFrame]:
        make, title, times, label = LAYERS[name]
        zone = case_time_zone()
        made = _to_file_types(make(self.evidence, outlines))
        frame = normalise(made, "id", times, zone)
        first, last = find_first_and_last_day(*compute_day_ranges(frame, times, zone))
        info = LayerInfo(
            name=name,
            title=_write_title(title, self.evidence),
            geometry=classify_geometry(frame.geometry),
            extent=compute_extent(frame.geometry),
            date_from=first,
            date_to=last,
            rows=len(frame),
            version=self._version,
            id_column="id",
            time_columns=times,
            label_column=label,
            attribution=ATTRIBUTION,
            time_zone=zone,
        )
        return info, FilterableRows(frame, info, remember=REMEMBERED), frame


def _write_title(title: str, evidence: Evidence) -> str:
    """Fill in the place that range rings are around."""
    rings = evidence.case.rings
    centre = evidence.place_by_id.get(rings.centre) if rings else None
    return title.format(centre=centre.name if centre else "a place")


def _to_file_types(frame: GeoDataFrame) -> GeoDataFrame:
    """Return a frame with the types that its columns would have when read from a file."""
    table = pa.Table.from_pandas(pd.DataFrame(frame.drop(columns="geometry")), preserve_index=False)
    data = table.to_pandas(date_as_object=False, ignore_metadata=True)
    return GeoDataFrame(data, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def find_builtin_store(store: LayerStore) -> EvidenceStore:
    """Return the built-in layers below other layers; StoreError if there are none."""
    while isinstance(store, OverlayStore):
        store = store.base
    if isinstance(store, EvidenceStore):
        return store
    raise StoreError("This store holds no evidence. Open it by open_with_builtin.")


def find_evidence(store: LayerStore) -> Evidence:
    """Return the evidence whose layers a store holds; that of the case if it has none."""
    try:
        return find_builtin_store(store).evidence
    except StoreError:
        return builtin_evidence()


def find_store(store: LayerStore, as_of: str | None) -> LayerStore:
    """Return a store with the built-in layers as they stood: the same one for None.

    `as_of` is an ISO day, whose end is meant, or a version; ViewError if it is not known. The store
    of a state leads to itself, and further layers stay as they are.
    """
    if as_of is None:
        return store
    if isinstance(store, EvidenceStore) and store.history is not None:
        return store.history(as_of)
    if isinstance(store, OverlayStore):
        base = find_store(store.base, as_of)
        return store if base is store.base else _put_over(store, base)
    return store


@lru_cache(maxsize=128)
def _put_over(layers: OverlayStore, base: LayerStore) -> LayerStore:
    return layers.with_base(base)


def compute_case_version(evidence: Evidence) -> str:
    """Return 16 hex digits that change with any record."""
    digest = hashlib.blake2b(digest_size=8)
    for field in fields(evidence):
        value = getattr(evidence, field.name)
        digest.update(f"\n{field.name}".encode())
        for record in value if isinstance(value, tuple) else (value,):
            text = record.model_dump_json() if isinstance(record, BaseModel) else repr(record)
            digest.update(text.encode())
    return digest.hexdigest()


def _write_case_version(evidence: Evidence) -> str:
    return write_version(compute_case_version(evidence), NO_EVENTS)


def open_with_builtin(url: str = "") -> LayerStore:
    """Open the built-in layers, and over them those of a folder or file:// address, if named."""
    builtin = EvidenceStore(builtin_evidence())
    return OverlayStore(open_store(url), builtin) if url else builtin


def write_layers(evidence: Evidence, folder: Path) -> tuple[LayerInfo, ...]:
    """Write the built-in layers into a folder, each atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    store, outlines = open_store(str(folder), ours=True), layer_tables.build_outlines(evidence)
    return tuple(
        store.write(
            name,
            make(evidence, outlines),
            LayerSpec(
                title=_write_title(title, evidence),
                id_column="id",
                time_columns=times,
                label_column=label,
                attribution=ATTRIBUTION,
            ),
        )
        for name, (make, title, times, label) in LAYERS.items()
    )
