"""GeoJSON features and layer files."""

import json
from pathlib import Path


def feature(properties: dict, at: tuple | None = (35.95, 35.41)) -> dict:
    """Return a GeoJSON point feature, or one without geometry."""
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_layer(folder: Path, features: list[dict], name: str = "own") -> Path:
    """Write features as a GeoJSON file."""
    path = folder / f"{name}.geojson"
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path
