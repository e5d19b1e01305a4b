"""Read the elements of a page in Streamlit's AppTest, and compute the expected selection."""

import html
import re

from streamlit.testing.v1 import AppTest

from geo.app_context import clear_context, context
from geo.evidence import load_evidence
from geo.page_registry import find_page
from geo.selection import Selection, select
from geo.settings import ASSETS, ROOT, settings
from geo.view import View

RECORDS = load_evidence(ASSETS / "case")
MAIN = str(ROOT / "geo" / "ui" / "main.py")


def link_values(at: AppTest, name: str) -> list[str]:
    """Return all values of one query parameter."""
    values = at.query_params.get(name, [])
    return [values] if isinstance(values, str) else list(values)


def read_text(at: AppTest) -> str:
    """Return the text of all HTML elements of the page, without tags."""
    shown = " ".join(part.value for part in at.html if not part.value.startswith("<style"))
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def read_count(at: AppTest) -> str:
    """Return the count shown in the sidebar."""
    return at.sidebar.markdown[0].value.strip("*")


def assert_no_error(at: AppTest) -> AppTest:
    """Fail if the page shows an exception or an error; return the page."""
    wrong = [*(part.value for part in at.exception), *(part.value for part in at.error)]
    assert not wrong, wrong
    return at


def expected_selection(view: View, path: str = "overview") -> Selection:
    """Return the selection that a page should show for a view."""
    return select(view.narrow_to_places(find_page(path).places), context().store)


def feature(properties: dict, at: tuple | None = (35.95, 35.41)) -> dict:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def clear_caches() -> None:
    """Clear cached settings and context, so that the next page reads them again."""
    settings.cache_clear()
    clear_context()
