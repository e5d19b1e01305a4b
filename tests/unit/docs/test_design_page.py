"""docs/design.md shows the sizes, colours and marks of the code, and style sheets use them."""

import re

import pytest

from geo.mapping.design import LEADING, SPACE, TYPE
from geo.mapping.frontend_assets import (
    FRONTEND,
    STYLES,
    build_map_style_sheet,
    build_page_style_sheet,
)
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, LAYER_COLOURS, LOCATION, STANCE, WHEN
from geo.mapping.theme import STROKES, THEMES
from geo.settings import ASSETS, ROOT
from tests.support.markdown import table

PAGE = ROOT / "docs" / "design.md"
SHEETS = [
    *(FRONTEND / "styles" / f"{name}.css" for name in (*STYLES, "notes")),
    ASSETS / "theme" / "app.css",
]


def rows(heading: str, columns: int) -> dict[str, tuple[str, ...]]:
    return {row[0].strip("`"): tuple(row[1 : columns + 1]) for row in table(PAGE, heading)}


def test_sizes_are_those_of_the_code():
    assert rows("text", 1) == {name: (str(size),) for name, size in TYPE.items()}
    assert rows("space", 1) == {name: (str(size),) for name, size in SPACE.items()}
    assert rows("lines", 1) == {name: (f"{ratio:g}",) for name, ratio in LEADING.items()}


def test_colours_are_those_of_the_three_palettes():
    palettes = [THEMES[name] for name in ("light", "dark", "print")]
    assert rows("colour", 3) == {name: tuple(one[name] for one in palettes) for name in palettes[0]}
    assert ", ".join(LAYER_COLOURS) in PAGE.read_text("utf-8")


def test_marks_are_those_of_the_code():
    assert {name: words for name, (_, words) in rows("location class", 2).items()} == {
        name: label for name, (label, _) in LOCATION.items()
    }
    assert rows("certainty", 1) == {name: (f"{v:g}",) for name, (_, v) in CERTAINTY.items()}
    assert rows("stance", 2) == {name: (one.mark, one.label) for name, one in STANCE.items()}
    assert rows("evidence", 1) == {kind: (sign,) for kind, sign in EVIDENCE_SIGN.items()}
    assert rows("day", 1) == {name: (label,) for name, label in WHEN.items()}


def test_lines_are_those_of_the_code():
    assert rows("line", 3) == {
        name: (
            one.colour,
            f"{one.width:g}",
            " ".join(f"{length:g}" for length in one.dash) or "unbroken",
        )
        for name, one in STROKES.items()
    }


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_take_sizes_of_text_from_the_scale(path):
    text = path.read_text("utf-8").replace("html { font-size: 16px; }", "")
    for value in re.findall(r"\bfont(?:-size)?:([^;}{]*)", text):
        plain = re.sub(r"clamp\([^)]*\)", "", value)
        assert not re.search(r"(?<![\w./-])\d*\.?\d+(px|rem)(?=[/\s;]|$)", plain), value.strip()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_name_only_sizes_that_exist(path):
    known = {f"--t-{one}" for one in TYPE} | {f"--g-{one}" for one in SPACE}
    known |= {f"--l-{one}" for one in LEADING}
    assert set(re.findall(r"--[tgl]-[\w-]+", path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("build", [build_map_style_sheet, build_page_style_sheet])
def test_sizes_reach_map_and_page_as_variables(build):
    sheet = build()
    assert "--t-text: 0.875rem;" in sheet
    assert "--g-gap: 8px;" in sheet


def test_colours_of_the_page_are_those_of_the_theme():
    text = (ASSETS / "theme" / "app.css").read_text("utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", re.sub(r"url\([^)]*\)", "", text))
