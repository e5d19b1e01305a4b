"""Colours stay apart for readers with a colour-vision deficiency, and text can be read."""

import tomllib
from itertools import combinations

import numpy as np
import pytest

from geo.mapping.symbols import LAYER_COLOURS, STANCE
from geo.mapping.theme import DARK, LIGHT, THEMES
from geo.settings import ROOT
from tests.support.colours import DEFICIENCIES, ciede2000, contrast, difference

STANCES_APART, LAYERS_APART = 10.0, 8.0  # CIEDE2000; 2.3 can just be told apart side by side
TEXT, SIGN = 4.5, 3.0  # contrast that WCAG 2.2 asks of text, and of signs and large text
GROUNDS = ("land", "sea", "paper", "sheet")


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
def test_stance_colours_stay_apart(theme, deficiency):
    for one, other in combinations(STANCE, 2):
        pair = THEMES[theme][one], THEMES[theme][other]
        assert difference(*pair, deficiency) >= STANCES_APART, (one, other)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_layer_colours_stay_apart(deficiency):
    for one, other in combinations(LAYER_COLOURS, 2):
        assert difference(one, other, deficiency) >= LAYERS_APART, (one, other)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_ground(theme, ground):
    palette = THEMES[theme]
    for name in ("ink", "muted", "faint"):
        assert contrast(palette[name], palette[ground]) >= TEXT, name


@pytest.mark.parametrize("theme", THEMES)
def test_signs_and_names_of_regions_can_be_seen(theme):
    palette = THEMES[theme]
    for name in ("accent", "place", *STANCE):
        for ground in GROUNDS:
            assert contrast(palette[name], palette[ground]) >= SIGN, (name, ground)
    assert contrast(palette["country"], palette["land"]) >= SIGN
    assert contrast(palette["sea-name"], palette["sea"]) >= SIGN
    assert contrast(palette["badge-ink"], palette["badge"]) >= TEXT


def test_layer_colours_can_be_seen_on_land():
    for colour in LAYER_COLOURS:
        for theme in ("light", "print"):
            assert contrast(colour, THEMES[theme]["land"]) >= SIGN
            assert contrast(colour, THEMES[theme]["sea"]) >= SIGN
        assert contrast(colour, DARK["land"]) >= 2.2


def test_print_can_be_read_without_colour():
    palette = THEMES["print"]
    assert palette["paper"] == palette["land"] == "#ffffff"
    assert 1.1 < contrast(palette["land"], palette["sea"]) < 1.3
    assert contrast(palette["coast"], palette["land"]) >= SIGN
    assert contrast(palette["leaving"], palette["staying"]) > 1.3


def test_page_around_the_map_has_the_accent_of_the_theme():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    assert config["light"]["primaryColor"] == config["light"]["linkColor"] == LIGHT["place"]
    assert config["dark"]["primaryColor"] == config["dark"]["linkColor"] == DARK["place"]


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ],
)
def test_formula_agrees_with_the_pairs_of_its_authors(one, other, known):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(known, abs=1e-4)
    assert ciede2000(np.array(other), np.array(one)) == pytest.approx(known, abs=1e-4)


def test_black_on_white_has_the_contrast_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
