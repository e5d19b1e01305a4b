"""One table of figures for each module of the bench."""

from collections.abc import Iterator

import pytest

from tests.bench.measuring import Table


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    table = Table()
    yield table
    print(f"\n\n{table}\n")
