"""The ES modules of the front end import each other in no circle."""

import re
from graphlib import TopologicalSorter

from geo.settings import ROOT

SOURCES = ROOT / "geo" / "frontend" / "src"
IMPORT = re.compile(r"""(?:\bfrom|\bimport|\bimport\()\s*["']\./(\w+)\.js["']""")


def test_modules_import_each_other_in_no_circle():
    """Imports of types in JSDoc count as well."""
    imported = {
        path.stem: set(IMPORT.findall(path.read_text("utf-8"))) for path in SOURCES.glob("*.js")
    }
    assert sum(map(len, imported.values())) > len(imported), "the pattern finds no imports"
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the modules
