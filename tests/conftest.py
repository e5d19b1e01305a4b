"""The browser that browser tests and bench share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    from tests.serving import browser_launch

    return browser_launch(browser_type_launch_args)
