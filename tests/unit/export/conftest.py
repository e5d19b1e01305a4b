from collections.abc import Iterator

import pytest

from geo.app_context import context
from geo.selection import select
from geo.view import View


@pytest.fixture(scope="session")
def store():
    return context().store


@pytest.fixture(scope="session")
def evidence():
    return context().evidence


@pytest.fixture(scope="session")
def everything(store):
    return select(View(sources="all"), store)


@pytest.fixture(scope="session")
def nothing(store):
    return select(View(q="no claim says this"), store)


@pytest.fixture(scope="module")
def without_relief() -> Iterator[None]:
    """Leave out the relief, a quarter of the time of a sheet; texts and marks do not know it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.export.image.basemap.draw_relief", lambda canvas: None)
        yield
