"""`python -m geo store-upgrade`, `import` and `export-layers`: manage the shared store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.store import FolderStore, LayerStore
    from geo.store.postgis.store import PostgisStore

_layer_option = click.option("--layer", "layers", multiple=True, help="Only this one; may repeat.")


@click.command("store-upgrade")
@click.argument("url", required=False)
def store_upgrade(url: str | None) -> None:
    """Prepare a database for layers, or upgrade its tables to this version (default: STORE_URL).

    Run it as the database's owner, and as a superuser to have PostGIS and the two roles made.
    """
    from geo.store.open import is_database
    from geo.store.postgis import check_libraries

    url = _resolve_url(url)
    if not is_database(url):
        msg = "Only a database is upgraded. Write postgresql://owner@host/database."
        raise GeoError(msg)
    check_libraries()
    from geo.store.postgis.provision import upgrade_database

    for line in upgrade_database(url):
        click.echo(line)


@click.command("import")
@click.argument("source")
@click.option("--to", "target", help="Folder or database; STORE_URL if it is not given.")
@_layer_option
def import_layers(source: str, target: str | None, layers: tuple[str, ...]) -> None:
    """Copy the layers of a folder (or a database) into the shared store, without loss."""
    from geo.store import open_store

    _copy_layers(open_store(source), open_store(_resolve_url(target)), layers)


@click.command("export-layers")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "source", help="Folder or database; STORE_URL if it is not given.")
@_layer_option
def export_layers(folder: Path, source: str | None, layers: tuple[str, ...]) -> None:
    """Copy the layers of the shared store into a folder of GeoParquet files, without loss."""
    from geo.store import open_store

    opened = open_store(_resolve_url(source))
    opened.layers()  # raises if the database does not answer, before a folder is created
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror}. Choose another folder."
        raise GeoError(msg) from error
    _copy_layers(opened, open_store(str(folder)), layers)


def _resolve_url(url: str | None) -> str:
    from geo.settings import settings

    found = url or settings().store_url
    if not found:
        msg = "No store is named: give its folder or address, or set STORE_URL."
        raise GeoError(msg)
    return found


def _copy_layers(
    source: LayerStore, target: FolderStore | PostgisStore, layers: tuple[str, ...]
) -> None:
    from geo.store.copy import copy_layers

    failed = False
    for one in copy_layers(source, target, layers):
        if one.info is None:
            failed = True
            click.echo(f"{one.name} is not copied: {one.why}", err=True)
        else:
            click.echo(f"{one.name}: {one.info.rows:,} rows, version {one.info.version}")
    sys.exit(1 if failed else 0)
