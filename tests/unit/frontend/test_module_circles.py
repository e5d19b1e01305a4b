"""The front end's ES modules have no import cycle."""

import re
from graphlib import TopologicalSorter

from geo.settings import ROOT

SOURCES = ROOT / "geo" / "frontend" / "src"
IMPORT = re.compile(r"""(?:\bfrom|\bimport|\bimport\()\s*["']\./(\w+)\.js["']""")


def test_es_modules_have_no_import_cycle():
    """Includes type imports in JSDoc."""
    imported = {
        path.stem: set(IMPORT.findall(path.read_text("utf-8"))) for path in SOURCES.glob("*.js")
    }
    assert sum(map(len, imported.values())) > len(imported), "the pattern finds no imports"
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the modules
