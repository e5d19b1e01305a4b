"""The commands of `python -m geo`. Exit codes: 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.basemap import basemap
from geo.cli.case import build_layers, check_data, new_case
from geo.cli.claims import claims
from geo.cli.common import (
    address_option,
    json_option,
    parse_view_link,
    select_rows,
    view_option,
    write_atomically,
)
from geo.cli.export import export
from geo.cli.source import source
from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.export.data.csv import CsvGeometry
    from geo.store import FolderStore, LayerStore
    from geo.store.postgis.store import PostgisStore

_layer_option = click.option("--layer", "layers", multiple=True, help="Only this one; may repeat.")


class _Commands(click.Group):
    """Prints the `GeoError` of a command, and exits with 1; with --json also as JSON on stdout."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["as_json"] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if ctx.meta["as_json"]:
                _print_json_error(error.format_message())
            raise
        except GeoError as error:
            if ctx.meta["as_json"]:
                _print_json_error(str(error), error)
            click.echo(str(error), err=True)
            sys.exit(1)


def _print_json_error(message: str, error: GeoError | None = None) -> None:
    """Print why a command failed as JSON; of records also each fault by its field."""
    from dataclasses import asdict

    from geo.ledger.records import RecordsRefusedError

    faults = error.faults if isinstance(error, RecordsRefusedError) else ()
    more = {"faults": [asdict(fault) for fault in faults]} if faults else {}
    click.echo(json.dumps({"error": message} | more, ensure_ascii=False))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A map of public reporting: evidence, layers and views, without a browser."""


main.add_command(build_layers)
main.add_command(check_data)
main.add_command(new_case)
main.add_command(export)
main.add_command(claims)
main.add_command(source)
main.add_command(basemap)


@main.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--crs", help="The CRS of its coordinates: a code, a name, WKT or PROJ text.")
@json_option
def check(file: Path, crs: str | None, as_json: bool) -> None:
    """Read a layer as an upload would, and report its accepted and rejected rows."""
    from geo.ingest import ImportOptions, Limits, read_upload
    from geo.ingest.report import format_report, to_json_dict
    from geo.ingest.sandbox.runner import check_file_size

    if not file.is_file():
        raise click.UsageError(f"{file.name!r} is not a regular file.")
    limits = Limits.from_settings()
    try:
        reading = check_file_size(file.stat().st_size, file.name, limits)
        if reading is None:
            reading = read_upload(file.read_bytes(), file.name, ImportOptions(crs=crs), limits)
    except OSError as error:
        msg = f"{file.name!r} cannot be read: {error.strerror}. Choose another file."
        raise GeoError(msg) from error
    if as_json:
        click.echo(json.dumps(to_json_dict(reading), ensure_ascii=True))
    else:
        click.echo(format_report(reading))
    sys.exit(1 if reading.verdict == "reject" else 0)


@main.command("select")
@view_option
@json_option
def select_ids(link: str, as_json: bool) -> None:
    """Print the ids of the claims that a view shows, one a line."""
    from geo.app_context import context

    chosen = select_rows(*parse_view_link(link, context()))
    if as_json:
        answer = {"token": chosen.token, "total": chosen.total, "ids": chosen.ids}
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif chosen.ids:
        click.echo("\n".join(chosen.ids))


@main.command("data")
@view_option
@click.option(
    "--format",
    "fmt",
    required=True,
    help="csv, geojson, gpkg, kml, parquet, or xlsx to edit; txt, bibtex, csl-json for sources.",
)
@click.option(
    "--geometry",
    type=click.Choice(("point", "wkt")),
    help="Of csv: lat and lon where a row has a point, or WKT. Default: point where that is all.",
)
@address_option
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def data(link: str, fmt: str, geometry: CsvGeometry | None, address: str, out: Path) -> None:
    """Write what a view shows, or its sources, into a file."""
    from geo.app_context import context
    from geo.export.data.citations import write_citations
    from geo.export.data.data_file import export_data
    from geo.export.formats import CITATIONS, FORMATS, WORKBOOKS, check_format
    from geo.export.page_rows import collect_page_rows
    from geo.text.formatting import explain_link
    from geo.view import to_query

    check_format(fmt, {**FORMATS, **WORKBOOKS, **CITATIONS})
    view, where = parse_view_link(link, context())
    rows = collect_page_rows(view, where.store, where.evidence)
    view, chosen = rows.view, rows.selection
    link, version = f"{address}/{view.page}?{to_query(view, explicit=True)}", where.store.version()
    link = explain_link(link)
    if fmt in CITATIONS:
        body = write_citations(chosen, where.evidence, fmt, link=link, version=version)
    elif fmt in WORKBOOKS:
        from geo.claim_files.writing import write_claims

        body = write_claims(where.evidence, chosen.ids, fmt, link=link, version=version)
    else:
        body = export_data(
            chosen, fmt, link=link, version=version, extra=rows.column, geometry=geometry
        )
    write_atomically(out, body)
    click.echo(f"{out}: {chosen.report_count}", err=True)


@main.command("layers")
@json_option
def list_layers(as_json: bool) -> None:
    """List the layers of the store, and those that cannot be read."""
    from dataclasses import asdict

    from geo.app_context import context

    store = context().store
    if as_json:
        answer = {
            "layers": [asdict(info) for info in store.layers()],
            "faults": [asdict(fault) for fault in store.faults()],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for info in store.layers():
        days = f"{info.date_from} to {info.date_to}" if info.date_from else "no dates"
        click.echo(f"{info.name}: {info.title}; {info.rows:,} rows, {info.geometry}, {days}")
    for fault in store.faults():
        click.echo(
            f"{fault.name} ({fault.file}) cannot be read: {fault.why} {fault.remedy}", err=True
        )


@main.command("store-upgrade")
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


@main.command("import")
@click.argument("source")
@click.option("--to", "target", help="Folder or database; STORE_URL if it is not given.")
@_layer_option
def import_layers(source: str, target: str | None, layers: tuple[str, ...]) -> None:
    """Copy the layers of a folder (or a database) into the shared store, without loss."""
    from geo.store import open_store

    _copy_layers(open_store(source), open_store(_resolve_url(target)), layers)


@main.command("export-layers")
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


@main.command("serve")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(port: int, processes: int) -> None:
    """Serve the dashboard on loopback; several processes stand behind an nginx of their own."""
    if processes > 1:
        from geo.server.processes import serve_processes

        serve_processes(port, processes, partial(click.echo, err=True))
        return
    from geo.settings import ROOT
    from geo.streamlit_bridge import run_app

    run_app(str(ROOT / "dashboard.py"), port)
