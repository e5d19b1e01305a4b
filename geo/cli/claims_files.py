"""`python -m geo claims add | import | export | template`: reports in and out of files."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.claim_distance import DISTANCE_OPTIONS, build_distance
from geo.cli.claims_desk import by_option, event_to_dict, open_desk, print_json, why_option
from geo.cli.common import (
    json_option,
    parse_view_link,
    select_rows,
    view_option,
    write_atomically,
)
from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.claim_files.keeping import KeepChoice
    from geo.claim_files.models import ClaimFile
    from geo.ledger.desk import Desk

_ONE = {
    "id": "Its id. Default: the next one of its source.",
    "source": "The source's id, or its name. Needed.",
    "place": "The place's id, or its name. None: no place that can be drawn.",
    "subject": "The thing in a few words. Default: the first system.",
    "says": "What the source says, as one sentence. Needed.",
    "evidence": "What the source shows or cites for it. Needed.",
    "attributed_to": "Whom the source names for it.",
    "observed_from": "The first day.",
    "observed_to": "The last day.",
    "date_class": "day, range, by or undated. Default: it follows from the days.",
    "location_class": "How exactly the source gives the place.",
    "certainty": "How well it is supported. Needed.",
    "stance": "What it points to. Needed.",
    "count_min": "The number, at least.",
    "count_max": "The number, at most.",
    "state": "In which state the thing is.",
    "note": "A remark for readers.",
    "locator": "Where in the source it is, such as “paragraph 4”.",
    "credibility": "Its rating, in the case's vocabulary.",
    "likelihood": "Its rating, in the case's vocabulary.",
    "confidence": "Its rating, in the case's vocabulary.",
}
_SEVERAL = {
    "systems": ("--system", "A system that it names; may repeat."),
    "origins": ("--origin", "What it rests on; may repeat."),
}
_GIVEN = "given.json"  # names the format of what is given without a file; nobody reads it
submit_option = click.option("--submit", is_flag=True, help="Ask for a review at once.")


def _list_field_options() -> list[click.Parameter]:
    """Return an option for each field of a claim."""
    one = [
        click.Option([f"--{name.replace('_', '-')}", name], help=words)
        for name, words in _ONE.items()
    ]
    several = [
        click.Option([flag, name], multiple=True, help=words)
        for name, (flag, words) in _SEVERAL.items()
    ]
    return [*one, *several, *DISTANCE_OPTIONS]


@click.command("add", params=_list_field_options())
@click.option("--stdin", "from_stdin", is_flag=True, help="Read JSON instead of options.")
@submit_option
@by_option
@why_option
@json_option
def add(
    from_stdin: bool,
    submit: bool,
    by: str,
    why: str,
    as_json: bool,
    far: str | None,
    direction: tuple[str, ...],
    seaward: bool,
    measured_from: str | None,
    measured_from_name: str | None,
    **fields: object,
) -> None:
    """Add a report as a draft, by options or as JSON on stdin.

    JSON is one claim, a list of them, or an object with lists of claims, sources, places, origins
    and systems. What follows from other fields may be left out.
    """
    from geo.claim_files.keeping import KeepChoice

    given = {name: value for name, value in fields.items() if value not in (None, ())}
    given = build_distance(far, direction, seaward, measured_from, measured_from_name) | given
    if from_stdin == bool(given):
        raise click.UsageError("Give either options such as --source and --says, or --stdin.")
    body = sys.stdin.buffer.read() if from_stdin else json.dumps({"claims": [given]}).encode()
    title = "the document" if from_stdin else "the options"
    choice = KeepChoice(submit=submit)
    _bring(body, _GIVEN, open_desk(by), choice, why or "added", as_json, title=title)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Show what it would do; keep nothing.")
@click.option("--good-rows", is_flag=True, help="Keep the rows without a fault.")
@click.option(
    "--take-conflicts", is_flag=True, help="Take the file's values where others changed them since."
)
@click.option(
    "--withdraw-missing",
    is_flag=True,
    help="Withdraw the claims that the file was exported with and no longer has.",
)
@submit_option
@by_option
@why_option
@json_option
def import_(
    file: Path,
    only_check: bool,
    good_rows: bool,
    take_conflicts: bool,
    withdraw_missing: bool,
    submit: bool,
    by: str,
    why: str,
    as_json: bool,
) -> None:
    """Bring a workbook, CSV or JSON of reports as drafts: all rows in one event, or none.

    Every fault of every row is reported with its row and field.
    """
    from geo.claim_files.keeping import KeepChoice

    try:
        body = file.read_bytes()
    except OSError as error:
        msg = f"{file.name!r} cannot be read: {error.strerror}. Choose another file."
        raise GeoError(msg) from error
    choice = None if only_check else KeepChoice(good_rows, take_conflicts, submit)
    _bring(body, file.name, open_desk(by), choice, why, as_json, withdraw_missing)


def _bring(
    body: bytes,
    name: str,
    desk: Desk,
    choice: KeepChoice | None,
    why: str,
    as_json: bool,
    withdraw_missing: bool = False,
    title: str = "",
) -> None:
    """Read a file, report it, and keep it as chosen; exit with 1 if nothing was kept.

    `title` is what is said in place of a file's name where there is no file.
    """
    from geo.claim_files.keeping import explain_refusal, keep_file
    from geo.claim_files.reading import read_claim_file

    read = read_claim_file(body, name, desk, withdraw_missing=withdraw_missing, why=why)
    read = replace(read, name=title, named=False) if title else read
    refusal = explain_refusal(read, choice) if choice else ""
    event = keep_file(read, desk, choice, why) if choice and not refusal else None
    if as_json:
        from geo.claim_files.report import to_json_values

        kept = event_to_dict(event) if event else None
        print_json(to_json_values(read) | {"kept": kept, "refused": refusal})
    else:
        _print_report(read, refusal)
        if event:
            from geo.cli.claims_desk import describe_event

            click.echo(describe_event(event))
    sys.exit(1 if refusal or (choice is None and read.faults) else 0)


def _print_report(read: ClaimFile, refusal: str) -> None:
    from geo.claim_files.keeping import KeepChoice, list_kept
    from geo.claim_files.report import format_claim_file

    click.echo(format_claim_file(read), err=bool(read.faults))
    if not refusal:
        return
    hint = ""
    if read.named and read.faults and list_kept(read, KeepChoice(good_rows=True)):
        hint = " (--good-rows keeps the other rows.)"
    elif read.named and not read.faults and read.count("conflict"):
        hint = " (--take-conflicts takes the file's values, --good-rows leaves these rows.)"
    click.echo(f"{refusal}{hint}", err=True)


@click.command("export")
@view_option
@click.option(
    "--format",
    "fmt",
    default="xlsx",
    show_default=True,
    type=click.Choice(("xlsx", "csv", "json")),
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def export_claims(link: str, fmt: str, out: Path, as_json: bool) -> None:
    """Write the reports of a view, or all, into a file that can be edited and brought back."""
    from geo.app_context import context
    from geo.claim_files.writing import write_claims

    where = context()
    if link:
        view, where = parse_view_link(link, where)
        ids = list(select_rows(view, where).ids)
    else:
        ids = [claim.id for claim in where.evidence.claims]
    body = write_claims(where.evidence, ids, fmt, link=link, version=where.store.version())
    write_atomically(out, body)
    if as_json:
        print_json({"out": str(out), "bytes": len(body), "claims": len(ids)})
    else:
        click.echo(f"{out}: {len(ids)} reports", err=True)


@click.command("template")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def template(out: Path, as_json: bool) -> None:
    """Write an empty workbook with the case's words as drop-down lists, and a guide."""
    from geo.app_context import context
    from geo.claim_files.writing import write_template

    body = write_template(context().evidence)
    write_atomically(out, body)
    if as_json:
        print_json({"out": str(out), "bytes": len(body)})
    else:
        click.echo(f"{out}: an empty workbook", err=True)
