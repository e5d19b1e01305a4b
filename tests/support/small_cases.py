"""Synthetic cases made from the one that `python -m geo new-case` writes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from geo.settings import ASSETS

SETS = ("a", "b", "c", "d", "e")
Edit = Callable[[dict], None]


def copy_new_case(folder: Path, **edits: Edit) -> Path:
    """Copy the new case into a folder, and edit the content of files by their stem."""
    shutil.copytree(ASSETS / "new-case", folder)
    for stem, edit in edits.items():
        path = folder / f"{stem}.json"
        content = json.loads(path.read_text("utf-8"))
        edit(content)
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def make_five_sets(folder: Path) -> Path:
    """Write a case with five sets of sources, one source and one report each; "c" is first."""

    def edit_case(content: dict) -> None:
        content["case"]["source_sets"] = [
            {"id": name, "label": f"Set *{name}*", "default": name == "c"} for name in SETS
        ]
        content["case"]["all_sources"] = "All five"

    def edit_sources(content: dict) -> None:
        [like] = content["sources"]
        content["sources"] = [like | {"id": f"source-{name}", "set": name} for name in SETS]

    def edit_claims(content: dict) -> None:
        like = content["claims"][0]
        content["claims"] = [
            like | {"id": f"{name}-1", "source": f"source-{name}", "origins": [f"unnamed:{name}-1"]}
            for name in SETS
        ]

    return copy_new_case(folder, case=edit_case, sources=edit_sources, claims=edit_claims)
