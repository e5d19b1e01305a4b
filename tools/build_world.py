"""Build the coarse base map of the world, assets/world, from Natural Earth 1:110m.

The countries come with the package pyogrio, as one of its test files. Run::

    python tools/build_world.py [--out DIR]

The same package gives the same bytes. assets/world/README.md names source and licence.
"""

from __future__ import annotations

import json
from importlib import metadata, resources
from pathlib import Path

import click
import numpy as np
import pyogrio
import shapely
from shapely.geometry import mapping

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = "tests/fixtures/naturalearth_lowres/naturalearth_lowres.shp"
DIGITS = 2  # of a degree: about 1 km, finer than the 1:110m lines


def read_countries() -> np.ndarray:
    """Return the countries of Natural Earth 1:110m as polygons, EPSG:4326, on a grid of DIGITS."""
    frame = pyogrio.read_dataframe(str(resources.files("pyogrio") / COUNTRIES))
    snapped = shapely.set_precision(frame.geometry.to_numpy(), 10.0**-DIGITS)
    return shapely.get_parts(snapped)


def find_borders(countries: np.ndarray, land: shapely.Geometry) -> shapely.Geometry:
    """Return the lines between countries: edges of countries that are no edge of the land."""
    edges = shapely.union_all(shapely.boundary(countries), grid_size=10.0**-DIGITS)
    inner = shapely.difference(edges, shapely.boundary(land), grid_size=10.0**-DIGITS)
    return shapely.line_merge(inner)


def write_layer(path: Path, kind: str, shape: shapely.Geometry) -> None:
    """Write one geometry as a GeoJSON FeatureCollection of one feature."""
    rounded = shapely.transform(shape, lambda points: points.round(DIGITS))
    feature = {"type": "Feature", "properties": {"kind": kind}, "geometry": mapping(rounded)}
    whole = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(f"{json.dumps(whole, separators=(',', ':'))}\n", "utf-8")


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "assets" / "world",
    show_default="assets/world",
)
def main(out: Path) -> None:
    """Write land.geojson, borders.geojson and attribution.json."""
    out.mkdir(parents=True, exist_ok=True)
    countries = read_countries()
    land = shapely.union_all(countries, grid_size=10.0**-DIGITS)
    write_layer(out / "land.geojson", "land", land)
    write_layer(out / "borders.geojson", "border", find_borders(countries, land))
    source = f"Natural Earth 110m countries, through pyogrio {metadata.version('pyogrio')}"
    terms = {"source": source, "licence": "public domain", "attribution": "Natural Earth"}
    titles = {"land": "Land of the world, coarse", "borders": "Borders of the world, coarse"}
    table = {f"{name}.geojson": {"title": title} | terms for name, title in titles.items()}
    (out / "attribution.json").write_text(f"{json.dumps(table, indent=1)}\n", "utf-8")
    for path in sorted(out.glob("*.*json")):
        click.echo(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
