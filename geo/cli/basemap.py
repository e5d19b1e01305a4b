"""`python -m geo basemap check`: a file of better local geography, before it is used."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from geo.cli.common import json_option


@click.group("basemap")
def basemap() -> None:
    """The base map of the case that is shown."""


@basemap.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Check a GeoJSON FILE for basemap/local/: every fault with its reason and remedy."""
    from geo.mapping.local_checks import check_local_file, require_local_file

    require_local_file(file)
    features, faults = check_local_file(file)
    kinds = Counter(known["kind"] for _, known in features)
    if as_json:
        rows = [asdict(fault) for fault in faults]
        click.echo(json.dumps({"features": dict(kinds), "faults": rows}, ensure_ascii=False))
    elif faults:
        click.echo("\n".join(map(str, faults)), err=True)
    else:
        counted = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        click.echo(f"{file.name}: {counted}. It can be put into basemap/local/ of the case.")
    sys.exit(1 if faults else 0)
