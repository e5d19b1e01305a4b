"""The relief of the base map: pictures of light and shade on the ground, which a case may bring.

`basemap/relief.json` names them with their bounds, from below to above:
``{"pictures": [{"file": "relief.webp", "bounds": [west, south, east, north]}]}``. A picture is PNG
or WebP, on Web Mercator, black where the ground is darker than flat and white where it is lighter,
with as much alpha as the slope needs, and clear at sea.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from geo.errors import EvidenceError
from geo.evidence import find_case_meridian
from geo.meridian import Box, unwrap_box
from geo.settings import cache_per_case, case_folder

TABLE = "relief.json"
FULL, GONE = 11.0, 12.5  # zooms: up to the first it is all there, from the second on not at all
MEDIA = {".png": "image/png", ".webp": "image/webp"}
MOST_PIXELS = 40_000_000
_POLE = 85.0  # degrees, of Web Mercator
_REMEDY = "Write pictures: a list of file (PNG or WebP beside it) and bounds (four degrees)."


class _Picture(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*\.(png|webp)$")
    bounds: Box

    @field_validator("bounds")
    @classmethod
    def _check_bounds(cls, bounds: Box) -> Box:
        west, south, east, north = bounds
        if not -_POLE <= south < north <= _POLE or max(abs(west), abs(east)) > 180 or west == east:
            msg = "west, south, east, north in degrees, south below north, within 85 degrees"
            raise ValueError(msg)
        return bounds


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pictures: tuple[_Picture, ...] = Field(min_length=1)


@dataclass(frozen=True)
class ReliefPicture:
    """One picture: its file, and what it covers (degrees, unwrapped about the case's meridian)."""

    file: str
    box: Box


@cache_per_case
def read_relief() -> tuple[ReliefPicture, ...]:
    """Return the pictures of the case's relief, from below to above; none if it has no relief.

    Raises
    ------
    geo.errors.EvidenceError
        If the table cannot be used, or a picture that it names is not there.
    """
    folder = case_folder() / "basemap"
    if not (folder / TABLE).is_file():
        return ()
    try:
        table = _Table.model_validate_json((folder / TABLE).read_bytes())
    except ValidationError as error:
        raise EvidenceError(f"basemap/{TABLE} cannot be used: {_list_faults(error)}.") from error
    for one in table.pictures:
        if not (folder / one.file).is_file():
            msg = f"basemap/{TABLE} names {one.file!r}, which is not there. Add it, or take it out."
            raise EvidenceError(msg)
    meridian = find_case_meridian()
    return tuple(
        ReliefPicture(one.file, unwrap_box(one.bounds, meridian)) for one in table.pictures
    )


def _list_faults(error: ValidationError) -> str:
    named = (
        f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()
    )
    return f"{'; '.join(named)}. {_REMEDY.rstrip('.')}"


def find_relief_file(name: str) -> Path | None:
    """Return the file of a picture of the relief; None if none has that name."""
    named = any(one.file == name for one in read_relief())
    return case_folder() / "basemap" / name if named else None


def check_relief() -> None:
    """Raise an EvidenceError that says which picture of the relief cannot be drawn, and why."""
    from PIL import Image, UnidentifiedImageError

    for one in read_relief():
        data = (case_folder() / "basemap" / one.file).read_bytes()
        try:
            with Image.open(BytesIO(data), formats=["PNG", "WEBP"]) as picture:
                size, kind = picture.size, f".{(picture.format or '').lower()}"
                if size[0] * size[1] <= MOST_PIXELS:
                    picture.load()
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            msg = f"basemap/{one.file} cannot be read as a picture: {error}. Write PNG or WebP."
            raise EvidenceError(msg) from error
        if size[0] * size[1] > MOST_PIXELS:
            msg = (
                f"basemap/{one.file} has {size[0]} by {size[1]} pixels, more than"
                f" {MOST_PIXELS:,} in all. Make it smaller."
            )
            raise EvidenceError(msg)
        if kind != Path(one.file).suffix:
            msg = f"basemap/{one.file} holds {kind[1:].upper()}. Give it the ending {kind!r}."
            raise EvidenceError(msg)


def find_strength(zoom: float) -> float:
    """Return how much of the relief is drawn at a zoom, 1 to 0: it is too coarse for near views."""
    return min(1.0, max(0.0, (GONE - zoom) / (GONE - FULL)))


def describe_relief() -> dict[str, object]:
    """Return the relief for the browser: addresses with bounds, and the zooms of its fading."""
    pictures = [{"path": f"map/base/{one.file}", "bounds": one.box} for one in read_relief()]
    return {"pictures": pictures, "full": FULL, "gone": GONE}
