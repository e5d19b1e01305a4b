"""Animated pictures: each frame is the picture of a slide, drawn when it is needed.

Frames are written one after the other, so that only a few of them are in memory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
from PIL import GifImagePlugin, Image, ImageChops

from geo.export.deck import Progress, ignore_progress
from geo.export.image.render import render_picture
from geo.export.image.slide_layout import measure_fixed_parts

if TYPE_CHECKING:
    from geo.export.animation import Animation
    from geo.store import LayerStore

FORMATS = ("webp", "gif")
HOLD = 2_000  # ms that the last frame is shown beyond its time
_METHOD = 3  # of WebP: from 0, fast, to 6, small
_CLEAR = 255  # index of a GIF's pixels that stay as they are
_EXACT = 96  # most frequent colours, kept as they are; the others are shared out
_SAMPLES = 5  # frames whose colours make the palette

Draw = Callable[[int], Image.Image]


def render_animation(
    animation: Animation,
    store: LayerStore,
    fmt: str,
    *,
    size: tuple[int, int],
    theme: str = "light",
    progress: Progress = ignore_progress,
) -> bytes:
    """Return an animated picture: the same bytes for the same slides, data and libraries.

    Parameters
    ----------
    fmt : str
        "webp", whose frames have exactly the pixels of their pictures, or "gif", of 255 colours.
    size : tuple of int
        Width and height in pixels, as for `render_picture`.
    progress : callable
        Called after each frame; an exception that it raises stops the work.

    Raises
    ------
    geo.errors.ExportError
        If there is no such theme or size.
    """
    slides, playback = animation.slides, animation.playback
    fixed = measure_fixed_parts(slides, size, theme)
    done = len(slides)

    def draw(number: int) -> Image.Image:
        body = render_picture(slides[number], store, "png", size=size, theme=theme, fixed=fixed)
        return Image.open(BytesIO(body)).convert("RGB")

    def draw_next(number: int) -> Image.Image:
        nonlocal done
        frame = draw(number)
        done += 1
        progress(done, 2 * len(slides))
        return frame

    durations = [round(1000 * playback.seconds)] * len(slides)
    durations[-1] += HOLD
    if fmt == "gif":
        palette = _choose_palette([draw(number) for number in _sample(len(slides))])
        return _write_gif(draw_next, durations, palette, playback.loop, animation.alt)
    return _write_webp(draw_next, durations, playback.loop, animation.alt)


def _sample(count: int) -> list[int]:
    """Return numbers of frames, spread over all of them."""
    return sorted({round(share * (count - 1)) for share in np.linspace(0, 1, _SAMPLES)})


class _Frames(Image.Image):
    """An image of several frames, each drawn when Pillow's writer turns to it; forward only."""

    def __init__(self, draw: Draw, count: int) -> None:
        super().__init__()
        self.n_frames = count
        self._draw, self._at = draw, -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Turn to a frame."""
        if frame <= self._at:
            return
        drawn = self._draw(frame)
        self.im, self._size, self._mode, self._at = drawn.im, drawn.size, drawn.mode, frame

    def tell(self) -> int:
        """Return the number of the frame."""
        return self._at


def _write_webp(draw: Draw, durations: Sequence[int], loop: bool, alt: str) -> bytes:
    out = BytesIO()
    _Frames(draw, len(durations)).save(
        out,
        "WEBP",
        save_all=True,
        lossless=True,
        quality=50,  # of lossless pictures it is the effort
        method=_METHOD,
        duration=list(durations),
        loop=0 if loop else 1,
        xmp=_describe(alt),
    )
    return out.getvalue()


def _describe(alt: str) -> bytes:
    """Return a description as XMP, with the alternative text of IPTC."""
    text = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(alt)}</rdf:li></rdf:Alt>'
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
        f"<dc:description>{text}</dc:description>"
        f"<Iptc4xmpCore:AltTextAccessibility>{text}</Iptc4xmpCore:AltTextAccessibility>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _choose_palette(frames: Sequence[Image.Image]) -> Image.Image:
    """Return an image whose palette has the colours of frames; the last index is for no colour.

    Flat areas keep their very colour.
    """
    pixels = np.concatenate([np.asarray(frame).reshape(-1, 3) for frame in frames])
    codes = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    colours, counts = np.unique(codes, return_counts=True)
    order = np.lexsort((colours, -counts.astype(np.int64)))
    exact, rest = colours[order[:_EXACT]], colours[order[_EXACT:]]
    table = [_split(code) for code in exact]
    if len(rest):
        strip = np.array([_split(code) for code in rest], dtype=np.uint8)[None]
        shared = Image.fromarray(strip).quantize(
            _CLEAR - len(table), Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        values = shared.getpalette() or []
        thirds = (values[at::3] for at in range(3))
        table += [(red, green, blue) for red, green, blue in zip(*thirds, strict=True)]
    table = (table + [table[0]] * 256)[:_CLEAR]
    image = Image.new("P", (1, 1))
    image.putpalette([value for colour in (*table, table[0]) for value in colour])
    return image


def _split(code: Any) -> tuple[int, int, int]:
    return int(code) >> 16, int(code) >> 8 & 255, int(code) & 255


def _write_gif(
    draw: Draw, durations: Sequence[int], palette: Image.Image, loop: bool, alt: str
) -> bytes:
    """Write frames as parts that differ from the frame before."""
    before, parts = None, []
    for number, duration in enumerate(durations):
        frame = draw(number).quantize(palette=palette, dither=Image.Dither.NONE)
        if before is None:
            parts.append(_begin_gif(frame.size, palette, loop, alt))
            box, part = (0, 0, *frame.size), frame
        else:
            # compared as numbers of colours, without the palette
            changed = ImageChops.difference(_numbers(frame), _numbers(before))
            box = changed.getbbox() or (0, 0, 1, 1)
            part = frame.copy()
            part.paste(_CLEAR, mask=changed.point([255, *(0,) * 255], "1"))
            part = part.crop(box)
        parts += GifImagePlugin.getdata(
            part, box[:2], duration=duration, transparency=_CLEAR, disposal=1
        )
        before = frame
    return b"".join([*parts, b";"])


def _numbers(frame: Image.Image) -> Image.Image:
    return Image.frombytes("L", frame.size, frame.tobytes())


def _begin_gif(size: tuple[int, int], palette: Image.Image, loop: bool, alt: str) -> bytes:
    """Return the header of a GIF of 256 colours, with its repeat and a comment."""
    head = struct.pack("<6sHHBBB", b"GIF89a", *size, 0xF7, 0, 0)
    table = bytes(palette.getpalette() or ()).ljust(768, b"\0")
    repeat = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00" if loop else b""
    text = alt.encode()
    blocks = [text[at : at + 255] for at in range(0, len(text), 255)]
    comment = b"".join(bytes([len(block)]) + block for block in blocks)
    return head + table + repeat + b"!\xfe" + comment + b"\0"
