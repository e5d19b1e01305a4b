"""One table of results for each benchmark module."""

from collections.abc import Iterator

import pytest

from tests.bench.measuring import Table


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Enable WebGL for pydeck, also without a graphics card."""
    args = [*browser_type_launch_args["args"], "--enable-unsafe-swiftshader"]
    return {**browser_type_launch_args, "args": args}


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    table = Table()
    yield table
    print(f"\n\n{table}\n")
