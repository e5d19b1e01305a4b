"""In random views the numbers on the page agree: headline, symbols, bars, legend, table, file."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from geo.view import View, to_query
from tests.support.app_server import Server, expected_selection, wait_for_map
from tests.support.page_counts import assert_counts_agree
from tests.support.random_views import pick_builtin_view

VIEWS = int(os.environ.get("RANDOM_VIEWS", "8"))  # tried with 200
PAGES = ("overview", "khmeimim", "tartus", "convoys")
SIZE = (1920, 1080)  # the legend is open, and each bar has its number


@pytest.mark.parametrize("seed", range(VIEWS))
def test_numbers_of_a_random_view_agree(app: Server, open_page, tmp_path: Path, seed: int):
    chance = random.Random(seed)
    path, view = chance.choice(PAGES), pick_builtin_view(chance)
    page = open_page(size=SIZE)
    query = to_query(view)
    page.goto(app.link(path, query))
    frame = wait_for_map(page, expected_selection(path, query).token)
    assert_counts_agree(page, frame, tmp_path, f"{path}?{query}")


def test_seeds_give_views_that_show_something():
    chosen = [pick_builtin_view(random.Random(seed)) for seed in range(40)]
    assert len(set(chosen)) > 30
    assert sum(bool(expected_selection("overview", to_query(one)).shown) for one in chosen) > 20
    assert any(view != View() for view in chosen)
