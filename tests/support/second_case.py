"""Run the checks of tests/cases on another case than the one that comes with the app.

A process shows one case, so the checks run in a pytest of their own.
"""

import os
import subprocess
import sys
from pathlib import Path

from geo.settings import ROOT

CHECKS = ROOT / "tests" / "cases"
SYNTHETIC_PACIFIC = CHECKS / "synthetic_pacific"
PATIENCE = 600  # seconds


def run_checks(name: str, case: Path, scratch: Path) -> str:
    """Run tests/cases/<name>.py on a case; return the output, which an AssertionError holds too."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    unset = ("STORE_URL", "LEDGER_URL")
    clean = {key: text for key, text in os.environ.items() if key not in unset}
    done = subprocess.run(
        [*command, str(CHECKS / f"{name}.py")],
        cwd=ROOT,
        env=clean | {"CASE": str(case), "OWN_FOLDER": str(scratch)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-1000:]}"
    return done.stdout
