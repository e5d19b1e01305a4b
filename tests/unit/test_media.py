"""Kept files are checked by their content; images for exports have no metadata."""

import io
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from geo import media
from geo.errors import MediaError
from geo.media import check_kept_file, describe_kept_file, detect_media_type, embed_image
from geo.settings import settings

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html>\n<title>Example</title><p>An example, which no source wrote."


def make_image(kind: str = "PNG", size=(40, 30), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode in ("RGB", "RGBA") else None).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, "application/pdf"),
        (HTML, "text/html"),
        (b"\xef\xbb\xbf \n<!-- saved --><HTML lang=en>", "text/html"),
        (b"<!-- saved --><!-- twice -->\n<!-- a --> <html>", "text/html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html></html>', "text/html"),
        (make_image("PNG"), "image/png"),
        (make_image("JPEG"), "image/jpeg"),
        (make_image("WEBP"), "image/webp"),
    ],
)
def test_kind_of_a_file_is_its_content(data, media_type):
    kept = check_kept_file(data, "a file.exe")
    assert kept.media_type == media_type
    assert len(kept.sha256) == 64


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"MZ\x90\x00", "is not PDF, HTML"),
        (b"GIF89a", "is not PDF, HTML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not PDF, HTML"),
        (b"PK\x03\x04", "is not PDF, HTML"),
        (b"%PDF-1.4 cut", "cut off"),
        (make_image("PNG")[:60], "cannot be decoded"),
        (make_image("JPEG")[:300], "cannot be decoded"),
        (b"\x89PNG\r\n\x1a\nnothing", "cannot be decoded"),
        (b"<!---->" * 9_000 + b"x", "is not PDF, HTML"),  # at once, not after hours
        (b"<!--" * 9_000, "is not PDF, HTML"),
    ],
)
def test_other_files_are_rejected_in_words(data, why):
    with pytest.raises(MediaError, match=why):
        check_kept_file(data, "a file.pdf")


def test_document_is_no_image():
    with pytest.raises(MediaError, match="not PNG, JPEG or WebP"):
        check_kept_file(PDF, "a.png", image=True)


def test_moving_image_is_rejected():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(MediaError, match="moves"):
        check_kept_file(out.getvalue(), "a.webp")


def test_image_with_too_many_pixels_is_rejected_before_it_is_decoded(monkeypatch):
    big = make_image("PNG", (9_000, 9_000), "L")
    assert len(big) < 200_000
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(MediaError, match="9,000 x 9,000 pixels"):
        check_kept_file(big, "a.png")


def test_size_limit_is_a_setting(monkeypatch):
    monkeypatch.setenv("KEPT_FILE_MB", "1")
    settings.cache_clear()
    try:
        with pytest.raises(MediaError, match="at most 1 MB"):
            check_kept_file(PDF + b" " * 1_000_000 + b"%%EOF", "a.pdf")
    finally:
        settings.cache_clear()


def test_embedded_image_has_no_metadata():
    secret = "35.4 N 35.9 E"
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = secret, 6  # ImageDescription; Orientation: a quarter turn
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", secret)
    photo = make_image("JPEG", (40, 30), exif=exif, comment=secret.encode())
    drawing = make_image("PNG", (40, 30), exif=exif, pnginfo=text)
    webp = make_image("WEBP", (40, 30), exif=exif)
    for data in (photo, drawing, webp):
        made = embed_image(data)
        assert secret.encode() not in made.data
        assert (made.width, made.height) == (30, 40)
        opened = Image.open(io.BytesIO(made.data))
        assert not opened.getexif()
        assert not {"comment", "Comment", "exif", "icc_profile"} & set(opened.info)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_mode_is_embedded(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    made = embed_image(make_image(kind, (2_000, 1_000), mode))
    assert max(made.width, made.height) == media.LONGEST
    assert Image.open(io.BytesIO(made.data)).mode in ("RGB", "RGBA")
    assert made == embed_image(make_image(kind, (2_000, 1_000), mode))


@given(position=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_damaged_image_raises_nothing_but_media_error(position, byte):
    data = bytearray(make_image(random.choice(("PNG", "JPEG", "WEBP")), (16, 16)))
    data[int(position * len(data))] = byte
    with suppress(MediaError):
        kept = check_kept_file(bytes(data), "damaged")
        if kept.media_type.startswith("image/"):
            embed_image(kept.data)


def test_kept_file_is_described():
    assert describe_kept_file("application/pdf", 1_234_567) == "PDF, 1.2 MB"
    assert describe_kept_file("text/html", 12_345) == "HTML, 12.3 kB"
    assert detect_media_type(b"") is None
