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
