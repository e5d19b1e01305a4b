"""The notebook example of the docs gives the page's results."""

import runpy

from geo import View, open_store, select
from geo.app_context import context
from geo.settings import ROOT


def test_notebook_example_prints_the_count_of_the_page(capsys):
    runpy.run_path(str(ROOT / "docs" / "in_a_notebook.py"))
    printed = capsys.readouterr().out
    assert "6 of 23 reports" in printed
    assert "s400-22" in printed


def test_notebook_selection_equals_that_of_the_page():
    view = View(systems=("S-400",), sources="all")
    there, here = select(view, open_store()), select(view, context().store)
    assert there.ids == here.ids
    assert there.token == here.token
