"""Check kept files by their content, and decode images for pages and exports.

A kept file is a copy of a source (PDF, HTML, image) or an image beside a claim. Nothing in it is
executed or fetched; an image is decoded by Pillow only, within a limit of pixels.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from geo.errors import MediaError
from geo.settings import settings

if TYPE_CHECKING:
    from PIL.Image import Image

PDF, HTML = "application/pdf", "text/html"
_IMAGES = ("PNG", "JPEG", "WEBP")  # as Pillow names them
ENDINGS = {
    PDF: "pdf",
    HTML: "html",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
"""File ending of each media type that is kept."""
NAMES = {PDF: "PDF", HTML: "HTML", "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}
"""Each media type as readers see it."""
MAX_PIXELS = 50_000_000
LONGEST = 1_600  # pixels of the longer side of an image in an export
_MB = 1_000_000
_HTML = re.compile(rb"<(!doctype\s+html|html)[\s>]", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]*>\s*", re.IGNORECASE)
_KINDS = "PDF, HTML, PNG, JPEG or WebP"


@dataclass(frozen=True)
class KeptFile:
    """A file that may be kept: its bytes, media type and SHA-256."""

    data: bytes
    media_type: str
    sha256: str


@dataclass(frozen=True)
class EmbeddedImage:
    """An image for an export: re-encoded without metadata; width and height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def check_kept_file(data: bytes, name: str, *, image: bool = False) -> KeptFile:
    """Return a file whose content may be kept; `image`: only an image will do.

    Raises
    ------
    geo.errors.MediaError
        If it is empty, too large, of another kind than its content must be, or damaged.
    """
    limit = settings().kept_file_mb
    if not data:
        raise MediaError(f"{name!r} is empty. Choose the file that was saved.")
    if len(data) > limit * _MB:
        msg = (
            f"{name!r} has {len(data) / _MB:,.1f} MB; a kept file has at most {limit:,} MB "
            "(KEPT_FILE_MB). Save it smaller, for example without its images."
        )
        raise MediaError(msg)
    media_type = detect_media_type(data)
    if media_type is None or (image and media_type in (PDF, HTML)):
        kinds = "PNG, JPEG or WebP" if image else _KINDS
        msg = f"The content of {name!r} is not {kinds}. Save it as one of these, then keep it."
        raise MediaError(msg)
    if media_type == PDF and b"%%EOF" not in data[-2048:]:
        raise MediaError(f"{name!r} is a PDF that is cut off. Save it again, then keep it.")
    if media_type not in (PDF, HTML):
        _decode(data, name)
    return KeptFile(data, media_type, sha256(data).hexdigest())


def detect_media_type(data: bytes) -> str | None:
    """Return the media type of a file from its first bytes; None if it is not one that is kept."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return HTML if _HTML.match(_skip_comments(data[:65_536])) else None


def _skip_comments(text: bytes) -> bytes:
    """Return HTML from its first tag on: without byte order mark, XML declaration and comments."""
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _XML.match(text)
    text = text[declared.end() :] if declared else text
    while text.startswith(b"<!--"):
        text = text.partition(b"-->")[2].lstrip()
    return text


def describe_kept_file(media_type: str, size: int) -> str:
    """Return kind and size of a kept file: "PDF, 1.2 MB"."""
    amount = f"{size / _MB:.1f} MB" if size >= _MB else f"{max(size / 1000, 0.1):,.1f} kB"
    return f"{NAMES.get(media_type, media_type)}, {amount}"


@lru_cache(maxsize=4)
def embed_image(data: bytes) -> EmbeddedImage:
    """Return an image upright, at most LONGEST pixels wide and high, without any metadata.

    Raises
    ------
    geo.errors.MediaError
        If it cannot be decoded.
    """
    from PIL import ImageOps

    image = _decode(data, "the image")
    image = _to_eight_bits(ImageOps.exif_transpose(image))
    image.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    photo = detect_media_type(data) != "image/png" and image.mode == "RGB"
    # A new image has the pixels only: no EXIF, text, profile or comment of the file.
    plain = image.copy()
    plain.info = {}
    if photo:
        plain.save(out, "JPEG", quality=88, exif=b"", icc_profile=None, comment=b"")
    else:
        plain.save(out, "PNG", exif=None, icc_profile=None)
    media_type = "image/jpeg" if photo else "image/png"
    return EmbeddedImage(out.getvalue(), media_type, *image.size)


def _to_eight_bits(image: Image) -> Image:
    """Return an image as RGB, or as RGBA if a part of it is transparent."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    alpha: tuple[float, float] = image.getchannel("A").getextrema()  # type: ignore[assignment]
    return image if alpha[0] < 255 else image.convert("RGB")


def _decode(data: bytes, name: str) -> Image:
    """Return a decoded image; raise MediaError if it is damaged, too large or moves."""
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data), formats=_IMAGES)
        _check_pixels(image, name)
        image.load()
    except MediaError:
        raise
    except Image.DecompressionBombError as error:
        raise MediaError(_explain_pixels(name, "too many")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        msg = f"{name!r} is an image that cannot be decoded. Save it again as PNG or JPEG."
        raise MediaError(msg) from error
    return image


def _check_pixels(image: Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise MediaError(_explain_pixels(name, f"{width:,} x {height:,}"))
    if getattr(image, "n_frames", 1) > 1:
        raise MediaError(f"{name!r} moves. Save one of its frames as PNG or JPEG, then keep it.")


def _explain_pixels(name: str, size: str) -> str:
    return (
        f"{name!r} has {size} pixels; an image has at most {MAX_PIXELS:,}. "
        "Save it smaller, then keep it."
    )
