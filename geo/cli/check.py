"""`python -m geo check FILE`: what an upload would say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from geo.cli.common import exit_on_error
from geo.errors import GeoError


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@exit_on_error
def check(file: Path, as_json: bool) -> None:
    """Read a layer as an upload would, and say what would be accepted and what set aside."""
    from geo.ingest import Limits, read_upload
    from geo.ingest.report import as_plain, as_text
    from geo.ingest.sandbox.runner import too_large

    if not file.is_file():
        raise click.UsageError(f"{file.name!r} is not a plain file.")
    limits = Limits.from_settings()
    try:
        reading = too_large(file.stat().st_size, file.name, limits)
        if reading is None:
            reading = read_upload(file.read_bytes(), file.name, limits=limits)
    except OSError as error:
        msg = f"{file.name!r} cannot be read: {error.strerror}. Choose another file."
        raise GeoError(msg) from error
    if as_json:
        click.echo(json.dumps(as_plain(reading), ensure_ascii=True))
    else:
        click.echo(as_text(reading))
    sys.exit(1 if reading.verdict == "reject" else 0)
