"""What the tests of the dashboard read from a page, and what they expect of it."""

import html
import re

from streamlit.testing.v1 import AppTest

from geo.app_context import context
from geo.evidence import load_evidence
from geo.page_registry import find_page
from geo.selection import Selection, select
from geo.settings import ASSETS, ROOT, settings
from geo.view import View

RECORDS = load_evidence(ASSETS / "evidence")
MAIN = str(ROOT / "geo" / "ui" / "main.py")


def link_values(at: AppTest, name: str) -> list[str]:
    """All values of one part of the link."""
    values = at.query_params.get(name, [])
    return [values] if isinstance(values, str) else list(values)


def read_text(at: AppTest) -> str:
    """Everything that the page shows as HTML, as a reader reads it."""
    shown = " ".join(part.value for part in at.html if not part.value.startswith("<style"))
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def read_count(at: AppTest) -> str:
    """The count that stands in the sidebar."""
    return at.sidebar.markdown[0].value.strip("*")


def assert_no_error(at: AppTest) -> AppTest:
    """Fail if the page shows that something went wrong."""
    wrong = [*(part.value for part in at.exception), *(part.value for part in at.error)]
    assert not wrong, wrong
    return at


def expected_selection(view: View, path: str = "overview") -> Selection:
    """What a page should show of a view."""
    return select(view.narrow_to_places(find_page(path).places), context().store)


def feature(properties: dict, at: tuple | None = (35.95, 35.41)) -> dict:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def clear_caches() -> None:
    """Clear cached settings and context, so that the next page reads them again."""
    settings.cache_clear()
    context.cache_clear()
