"""20 users upload layers while 20 others read; only the visibility is asserted."""

from pathlib import Path
from statistics import median

import pytest

from tests.support.app_server import serve_app
from tests.support.concurrent_users import run_concurrent_users

pytestmark = pytest.mark.bench


def test_concurrent_uploads_stay_separate(tmp_path: Path):
    log = tmp_path / "log.txt"
    with serve_app(log=log, OWN_FOLDER=str(tmp_path / "own")) as server:
        told = run_concurrent_users(server.url, bringing=20, reading=20, rows=2_000)
        status = Path(f"/proc/{server.process.pid}/status")
        text = status.read_text() if status.exists() else ""
    assert "Traceback" not in log.read_text()
    peak = next((line.split()[1] for line in text.splitlines() if "VmHWM" in line), None)
    print(
        f"\n\n20 uploads at once, 2,000 rows each: median {median(told.uploads):.1f} s, "
        f"slowest {max(told.uploads):.1f} s"
    )
    print(
        f"{len(told.reruns)} page runs of 20 readers meanwhile: median "
        f"{median(told.reruns):.2f} s, slowest {max(told.reruns):.2f} s"
    )
    if peak:
        print(f"most memory of the server: {int(peak) / 1000:,.0f} MB\n")
