"""The file case.json of the case as plain data, for what must start before the records are read.

The server's routes and the workers that read uploads need a few of its values, and importing the
models of `geo.evidence` takes a second. `geo.evidence.case` checks the file and names its faults;
here a faulty one has no values.
"""

import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from geo.settings import case_folder

CASE_FILE = "case.json"
ALL = "all"
"""In links and views: all sets of sources."""
FIXED_PAGES = ("compare", "conflicts", "evidence", "layers", "briefing", "present", "about")
"""Paths of the pages that every case has."""


def read_case_values() -> dict[str, object]:
    """Return the values of the case that this process shows; none if the file has none."""
    with suppress(OSError, ValueError, RecursionError):
        return _read(case_folder())
    return {}


@lru_cache(maxsize=8)  # an error is not kept: the file may be mended
def _read(folder: Path) -> dict[str, object]:
    content = json.loads((folder / CASE_FILE).read_text(encoding="utf-8-sig"))
    found = content.get("case") if isinstance(content, dict) else None
    if not isinstance(found, dict):
        msg = f"{CASE_FILE} holds no case"
        raise ValueError(msg)
    return found


def map_page_paths() -> list[str]:
    """Return the paths of the pages of the case, the home page first."""
    pages = read_case_values().get("pages")
    return [
        page["path"]
        for page in (pages if isinstance(pages, list) else ())
        if isinstance(page, dict) and isinstance(page.get("path"), str)
    ]
