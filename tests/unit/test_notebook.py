"""The example in the docs gives what the page gives."""

import runpy

from geo import View, open_store, select
from geo.app_context import context
from geo.settings import ROOT


def test_example_in_the_docs_runs_and_prints_the_pages_count(capsys):
    runpy.run_path(str(ROOT / "docs" / "in_a_notebook.py"))
    printed = capsys.readouterr().out
    assert "6 of 23 reports" in printed
    assert "s400-22" in printed


def test_selection_in_a_notebook_is_the_pages_selection():
    view = View(systems=("S-400",), sources="all")
    there, here = select(view, open_store()), select(view, context().store)
    assert there.ids == here.ids
    assert there.token == here.token
