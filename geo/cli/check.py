"""`python -m geo check FILE`: check a file as an upload would."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from geo.cli.common import json_option
from geo.errors import GeoError


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Read a layer as an upload would, and report its accepted and rejected rows."""
    from geo.ingest import Limits, read_upload
    from geo.ingest.report import format_report, to_json_dict
    from geo.ingest.sandbox.runner import check_file_size

    if not file.is_file():
        raise click.UsageError(f"{file.name!r} is not a regular file.")
    limits = Limits.from_settings()
    try:
        reading = check_file_size(file.stat().st_size, file.name, limits)
        if reading is None:
            reading = read_upload(file.read_bytes(), file.name, limits=limits)
    except OSError as error:
        msg = f"{file.name!r} cannot be read: {error.strerror}. Choose another file."
        raise GeoError(msg) from error
    if as_json:
        click.echo(json.dumps(to_json_dict(reading), ensure_ascii=True))
    else:
        click.echo(format_report(reading))
    sys.exit(1 if reading.verdict == "reject" else 0)
