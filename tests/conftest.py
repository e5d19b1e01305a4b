"""Fixtures for all tests: the browser and the database server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.postgres_server import Postgres


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    from tests.support.app_server import browser_launch_args

    return browser_launch_args(browser_type_launch_args)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The database server of all tests; tests that need it fail if it is not installed."""
    from tests.support.postgres_server import Postgres

    server = Postgres()
    try:
        server.start()
        server.make_template()
        yield server
    finally:
        server.remove()
