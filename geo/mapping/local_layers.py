"""Better local geography of a case: the files of `basemap/local/`, drawn where there are any.

A file with a fault is left out; the log, `check-data` and the page About say why. The files are
credited with the base map.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.evidence.json_records import RecordFault
from geo.mapping.local_checks import LocalFeature, check_local_file
from geo.settings import cache_per_case, case_folder

FOLDER = "local"  # of basemap/
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LocalLayers:
    """What the files hold: features by file, and the faults of the files that are left out."""

    features: tuple[tuple[str, tuple[LocalFeature, ...]], ...]
    faults: tuple[RecordFault, ...]

    @property
    def shapes(self) -> np.ndarray:
        """Geometries in degrees, EPSG:4326, in the order of the files."""
        found = [shape for _, some in self.features for shape, _ in some]
        return np.array(found, dtype=object)

    @property
    def known(self) -> tuple[dict[str, str], ...]:
        """Kind and name of each feature, in the same order."""
        return tuple(
            {name: one[name] for name in ("kind", "name") if name in one}
            for _, some in self.features
            for _, one in some
        )


@cache_per_case
def read_local_layers() -> LocalLayers:
    """Read the files of the case's folder, in the order of their names."""
    folder = case_folder() / "basemap" / FOLDER
    features, faults = [], []
    for path in sorted(folder.glob("*.geojson")) if folder.is_dir() else ():
        found, wrong = check_local_file(path)
        faults += wrong
        if not wrong:
            features.append((path.name, tuple(found)))
    for fault in faults:
        log.warning("basemap/%s/%s", FOLDER, fault)
    return LocalLayers(tuple(features), tuple(faults))


def list_local_attributions() -> list[dict[str, str]]:
    """Return title, source, licence and attribution of the files, each set of them once."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for file, some in read_local_layers().features:
        for _, one in some:
            source, licence = one["source"], one["licence"]
            title = f"{one['kind'].capitalize()} ({FOLDER}/{file})"
            if "accuracy" in one:
                title = f"{title}; accuracy: {one['accuracy']}"
            row = {"title": title, "source": source, "licence": licence}
            row["attribution"] = one.get("attribution", source)
            found.setdefault(tuple(row.values()), row)
    return list(found.values())


def is_outlined(spot: BaseGeometry) -> bool:
    """Whether a point (degrees, EPSG:4326) is within an apron whose outline is held."""
    layers = read_local_layers()
    return any(
        one["kind"] == "aprons" and bool(shapely.intersects(shape, spot))
        for shape, one in zip(layers.shapes, layers.known, strict=True)
    )
