"""Options that the builders of the base map share."""

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]

packages_option = click.option(
    "--packages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of unpacked packages; by default those of this Python.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "assets" / "case" / "basemap",
    show_default="assets/case/basemap",
    help="Folder of the base map.",
)
