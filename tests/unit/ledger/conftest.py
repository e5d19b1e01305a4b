"""Fixtures: an empty ledger of each kind."""

import pytest

from geo.ledger import Ledger, open_ledger


@pytest.fixture(params=["folder", "database"])
def address(request, tmp_path) -> str:
    """Return the address of an empty shared ledger, in a folder and in a database."""
    if request.param == "folder":
        return str(tmp_path / "ledger")
    return request.getfixturevalue("postgres").fresh()


@pytest.fixture
def ledger(address) -> Ledger:
    return open_ledger(address)
