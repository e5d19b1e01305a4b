"""The built-in layers, written from the evidence records into a layer store."""

from __future__ import annotations

import tempfile
from pathlib import Path

from geo.errors import StoreError
from geo.evidence import Evidence, layer_tables
from geo.settings import case_folder
from geo.store import LayerInfo, LayerSpec, LayerStore, OverlayStore, open_store

OBSERVED = ("observed_from", "observed_to")
LAYERS = {
    "claims": (layer_tables.build_claims_frame, "Claims of public reporting", OBSERVED, "says"),
    "places": (layer_tables.build_places_frame, "Places", None, "name"),
    "routes": (layer_tables.build_routes_frame, "Roads, schematic", None, "name"),
    "rings": (layer_tables.build_rings_frame, "Distances from Tartus naval base", None, "name"),
}


def open_with_builtin(url: str = "") -> LayerStore:
    """Open the built-in layers, and over them those of a folder or file:// address, if named."""
    builtin = open_store(str(case_folder() / "layers"), ours=True)
    return OverlayStore(open_store(url), builtin) if url else builtin


def write_layers(evidence: Evidence, folder: Path) -> tuple[LayerInfo, ...]:
    """Write the built-in layers into a folder, each atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(str(folder), ours=True)
    return tuple(
        store.write(
            name,
            make(evidence),
            LayerSpec(
                title=title,
                id_column="id",
                time_columns=times,
                label_column=label,
                attribution="Public press reporting; see the evidence records",
            ),
        )
        for name, (make, title, times, label) in LAYERS.items()
    )


def find_stale_layers(evidence: Evidence, folder: Path) -> list[str]:
    """Return the names of built-in layers that differ from what the records would give."""
    with tempfile.TemporaryDirectory() as fresh:
        write_layers(evidence, Path(fresh))
        return [name for name in LAYERS if _to_text(folder, name) != _to_text(Path(fresh), name)]


def _to_text(folder: Path, name: str) -> str:
    """Return the columns and rows of a layer as text; empty if it cannot be read."""
    try:
        frame = open_store(str(folder), ours=True).read(name)
    except StoreError:
        return ""
    return f"{list(frame.columns)} {frame.to_json(to_wgs84=False, default=str)}"
