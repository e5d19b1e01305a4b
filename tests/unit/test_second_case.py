"""Another case, in another part of the world, passes the checks that any case must pass."""

import pytest

from tests.support.second_case import SYNTHETIC_PACIFIC, run_checks


@pytest.mark.parametrize("checks", ["check_pages", "check_maps", "check_exports"])
def test_a_case_across_180_degrees_passes(checks, tmp_path):
    said = run_checks(checks, SYNTHETIC_PACIFIC, tmp_path)
    assert "passed" in said
    assert "skipped" not in said
