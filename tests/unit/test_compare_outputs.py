"""tests/support/compare_outputs distinguishes changed words from other differences."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw
from pptx import Presentation

from tests.support.compare_outputs.commands import main


@pytest.fixture
def compare(tmp_path):
    def run(before: dict[str, bytes], after: dict[str, bytes]):
        for folder, files in (("before", before), ("after", after)):
            for name, body in files.items():
                path = tmp_path / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
        folders = [str(tmp_path / name) for name in ("before", "after")]
        pictures = ["--pictures", str(tmp_path / "pictures")]
        return CliRunner().invoke(main, ["compare", *folders, *pictures])

    return run


def png(colour: str = "red", text_pixel: tuple[int, int] = (24, 36)) -> bytes:
    picture = Image.new("RGB", (200, 100), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((150, 60, 160, 70), fill=colour)
    draw.point(text_pixel, fill="black")
    box = io.BytesIO()
    picture.save(box, "png")
    return box.getvalue()


def svg(text: str = "observations", path: str = "M 0 0 L 9 9", x: int = 20) -> bytes:
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><title>{text}</title>
    <g><path d="{path}" style="fill: none; stroke: #000000; stroke-width: 1.2"/>
    <path d="M 1 {len(text)}" style="fill: none; stroke: #ffffff; stroke-width: 2.4"/>
    <!-- {text} --><g style="fill: #000000" transform="translate({x} 40) scale(0.1 -0.1)">
    <use href="#a"/><use href="#b" transform="translate(50 0)"/></g></g></svg>""".encode()


def pptx(text: str = "observations", left: int = 0, size: int = 12) -> bytes:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, 900_000, 400_000).text_frame.text = text
    slide.shapes.add_shape(1, left, 0, 900_000, 400_000).text_frame.text = "stays"
    run = slide.shapes[1].text_frame.paragraphs[0].runs[0]
    run.font.size = size * 12_700
    box = io.BytesIO()
    made.save(box)
    return box.getvalue()


def geojson(note: str = "2 observations", place: str = "tartus", version: str = "v1") -> bytes:
    feature = {"type": "Feature", "properties": {"id": "a", "place": place}, "geometry": None}
    made = {"data_version": version, "note": note, "features": [feature]}
    return json.dumps(made).encode()


def check(why: str = "It is no date.", accepted: int = 1, row: int = 2) -> bytes:
    fault = {"row": row, "why": why}
    return json.dumps({"accepted": accepted, "set_aside": [fault]}).encode()


FILES = {
    "png/a.png": png(),
    "svg/a.svg": svg(),
    "pptx/a.pptx": pptx(),
    "csv/a.csv": b"id,place\na,tartus\nb,\n",
    "geojson/a.geojson": geojson(),
    "check/a.csv.json": check(),
    "select/a.json": b'{"token": "t", "ids": ["a"]}',
}


def test_equal_files_are_identical(compare):
    result = compare(FILES, FILES)
    assert result.exit_code == 0, result.output
    assert "words" not in result.output.partition("\n")[2]


def test_changed_words_end_with_0(compare, tmp_path):
    changed = {
        "png/a.png": png(text_pixel=(23, 36)),
        "svg/a.svg": svg("reports"),
        "pptx/a.pptx": pptx("reports"),
        "geojson/a.geojson": geojson("2 reports"),
        "check/a.csv.json": check("Give a day."),
    }
    result = compare(FILES, {**FILES, **changed})
    assert result.exit_code == 0, result.output
    for line in ("observations -> reports", "It is no date. -> Give a day."):
        assert line in result.output
    rows = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line}
    for name in changed:
        assert rows[name.partition("/")[0]] == ["1", "0", "1", "0"]
    with Image.open(tmp_path / "pictures" / "png" / "a.png") as beside:
        assert beside.size == (600, 100)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("png/a.png", png("blue"), "x 150 to 160, y 60 to 70"),
        ("svg/a.svg", svg(path="M 0 0 L 9 8"), "1 gone, 1 new"),
        ("svg/a.svg", svg(x=21), "at 21, 40"),
        ("svg/a.svg", svg("2 reports"), "other numbers in a text: observations -> 2 reports"),
        ("svg/a.svg", svg(""), "text on one side only: observations -> "),
        ("pptx/a.pptx", pptx(left=5), "(0, 0, 900000, 400000) -> (5, 0, 900000, 400000)"),
        ("pptx/a.pptx", pptx(size=13), "in another style"),
        ("csv/a.csv", b"id,place\na,tartus\nb,homs\n", "1 cells of place, such as b:  -> homs"),
        ("csv/a.csv", b"id,place\na,tartus\n", "gone b"),
        ("csv/a.csv", b"id,spot\na,tartus\nb,\n", "gone place; new spot"),
        ("geojson/a.geojson", geojson(place="homs"), "1 cells of place, such as a: tartus -> homs"),
        ("geojson/a.geojson", geojson(version="v2"), "v1 -> v2"),
        ("check/a.csv.json", check(accepted=2), ".accepted: 1 -> 2"),
        ("check/a.csv.json", check(row=3), ".set_aside[0].row: 2 -> 3"),
        ("select/a.json", b'{"token": "u", "ids": ["a"]}', ".token: t -> u"),
        ("select/b.json", b"{}", "only after"),
    ],
)
def test_other_differences_are_listed_and_end_with_1(compare, name, body, told):
    result = compare(FILES, {**FILES, name: body})
    assert result.exit_code == 1, result.output
    assert told in result.output
