"""Each recipe of CONTRIBUTING.md works when followed literally in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.settings import ROOT
from tests.support.markdown import FencedBlock, blocks

COPIED = (
    "geo",
    "assets",
    "pages",
    "docs",
    "deploy",
    "tests",
    "dashboard.py",
    "pyproject.toml",
    ".streamlit",
)
RECIPES = {
    heading.strip(): text
    for heading, text in re.findall(
        r"^## (Add .*?)\n(.*?)(?=^## |\Z)",
        (ROOT / "CONTRIBUTING.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project without history, node packages and caches."""
    skipped = shutil.ignore_patterns("__pycache__", "node_modules", "browser", "bench")
    for name in (*COPIED, *(path.name for path in ROOT.glob("*.md"))):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=skipped)
        elif source.exists():
            shutil.copy(source, tmp_path / name)
    return tmp_path


def apply_diff(path: Path, diff: str) -> None:
    """Apply one hunk: replace context and removed lines by context and added lines."""
    lines = [line or " " for line in diff.splitlines()]
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} has these lines {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


def run_commands(folder: Path, shown: str) -> None:
    """Run each command after a "$" and compare its output with the lines below it."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(folder), "STORE_URL": ""}
    for step in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        done = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
        )
        pattern = re.escape(expected.strip()).replace("…", ".*")
        assert re.search(pattern, done.stdout, re.DOTALL), f"{command}\n{done.stdout}"
        assert done.returncode == 0, f"{command}\n{done.stdout}"


def follow(block: FencedBlock, folder: Path) -> None:
    target = folder / block.options.get("file", "")
    if block.language == "diff":
        apply_diff(target, block.body)
    elif block.language == "console":
        run_commands(folder, block.body)
    else:
        assert not target.exists(), f"{target.name} exists: show a diff"
        target.write_text(block.body, "utf-8")


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipe_works_as_written(recipe, project):
    steps = list(blocks(RECIPES[recipe]))
    assert steps[-1].language == "console", "a recipe must end with a command that verifies it"
    for block in steps:
        follow(block, project)


def test_there_is_a_recipe_for_each_common_addition():
    wanted = ("report", "place", "page", "file format", "export format", "base map", "setting")
    assert [one for one in wanted if not any(one in recipe for recipe in RECIPES)] == []
