"""`python -m geo new-case` and `check-data`: the folder of a case."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from geo.cli.common import json_option
from geo.errors import GeoError


@click.command("new-case")
@click.argument("folder", type=click.Path(path_type=Path))
def new_case(folder: Path) -> None:
    """Write a small case into a new FOLDER, to be changed file by file; it runs at once."""
    from geo.settings import ASSETS, ROOT

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} is there already, and nothing in it is overwritten. Choose another folder."
        raise GeoError(msg)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        shutil.copytree(ASSETS / "new-case", part)
        shutil.copy(ROOT / "docs" / "cases.md", part / "README.md")
        part.replace(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        msg = f"{folder} cannot be written: {error.strerror}. Choose another folder."
        raise GeoError(msg) from error
    click.echo(f"{folder}: a case with one example place and two example reports.")
    click.echo(f"Show it:  CASE={folder} make run")
    click.echo(f"Check it: python -m geo check-data {folder}")
    click.echo(f"Its files and their fields: {folder / 'README.md'}")


@click.command("check-data")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@json_option
def check_data(folder: Path | None, as_json: bool) -> None:
    """Check every record and briefing of a case: FOLDER, or the one that is shown."""
    from geo.evidence import check_evidence, load_evidence
    from geo.settings import case_folder

    folder = folder.resolve() if folder else case_folder()
    faults = [str(fault) for fault in check_evidence(folder)] or check_scenes(folder)
    if as_json:
        click.echo(json.dumps({"faults": faults}, ensure_ascii=False))
    elif faults:
        click.echo("\n".join(faults), err=True)
    else:
        click.echo(f"{len(load_evidence(folder).claims)} claims meet every rule.")
    sys.exit(1 if faults else 0)


def check_scenes(folder: Path) -> list[str]:
    """Return the faults of the base map's settings and of the briefings of a valid case."""
    from geo.app_context import context
    from geo.briefing import list_builtin_briefings, open_briefing
    from geo.evidence.distance_shapes import find_dry_distances
    from geo.mapping.basemap_files import find_base_map_faults

    with show_case(folder):
        faults = find_base_map_faults()
        try:
            where = context()
            faults += [str(fault) for fault in find_dry_distances(where.evidence)]
            vocabulary = where.link_vocabulary()
            names = list_builtin_briefings()
        except GeoError as error:
            return [*faults, str(error)]
        for name in names:
            try:
                open_briefing(name, vocabulary, where.evidence)
            except GeoError as error:
                first, *listed = str(error).splitlines()
                lines = [line.removeprefix("- ") for line in listed] or [first]
                faults += [f"scenes/{name}.toml, {line}" for line in lines]
    return faults


@contextmanager
def show_case(folder: Path) -> Iterator[None]:
    """Make this process show another case meanwhile."""
    before = os.environ.get("CASE")
    os.environ["CASE"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["CASE"]
        else:
            os.environ["CASE"] = before


@click.command("build-layers")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def build_layers(folder: Path) -> None:
    """Write the layers of the case into a FOLDER as GeoParquet, for other programs."""
    from geo.builtin_layers import write_layers
    from geo.evidence import builtin_evidence

    try:
        for info in write_layers(builtin_evidence(), folder):
            click.echo(f"{info.name}: {info.rows} rows, version {info.version}")
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}. Choose another folder."
        raise GeoError(msg) from error
