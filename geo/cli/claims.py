"""`python -m geo claims …`: add, bring, review, withdraw and look back on reports."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from geo.cli.claims_desk import (
    by_option,
    note_to_dict,
    open_desk,
    open_shared_ledger,
    print_json,
    report_event,
    why_option,
)
from geo.cli.claims_files import add, export_claims, import_, template
from geo.cli.common import json_option
from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.ledger.change_notes import ChangeNote
    from geo.ledger.entries import Entry
    from geo.ledger.state import LedgerState


_SHORTEST_HASH = 6


@click.group("claims")
def claims() -> None:
    """Reports in the shared ledger: add, bring, review, withdraw, look back."""


for _command in (add, import_, export_claims, template):
    claims.add_command(_command)


@claims.command("review")
@click.argument("ids", nargs=-1)
@click.option("--submit", is_flag=True, help="Ask for a review of drafts of yours.")
@click.option("--publish", is_flag=True, help="Publish them.")
@click.option("--send-back", metavar="REMARK", help="Send them back with a remark.")
@click.option("--remark", metavar="TEXT", help="Write a remark at one of them.")
@by_option
@why_option
@json_option
def review(
    ids: tuple[str, ...],
    submit: bool,
    publish: bool,
    send_back: str | None,
    remark: str | None,
    by: str,
    why: str,
    as_json: bool,
) -> None:
    """List what waits for review, or decide on records by their ids."""
    chosen = [submit, publish, send_back is not None, remark is not None].count(True)
    if not ids and not chosen:
        return _list_queue(by, as_json)
    if not ids or chosen != 1:
        msg = "Name the ids, and one of --submit, --publish, --send-back and --remark."
        raise click.UsageError(msg)
    if remark is not None and len(ids) > 1:
        raise click.UsageError("A remark is about one record: name one id.")
    desk = open_desk(by)
    if remark is not None:
        event = desk.remark(ids[0], remark)
    elif send_back is not None:
        event = desk.send_back(ids, send_back)
    else:
        event = desk.publish(ids, why) if publish else desk.submit(ids, why)
    report_event(event, as_json)
    return None


def _list_queue(by: str, as_json: bool) -> None:
    state = open_desk(by).state()
    queue, mine = state.list_queue(), state.list_waiting(by)
    drafts = [entry for entry in mine if entry.pending_state == "draft"]
    if as_json:
        answer = {"queue": [_entry_to_dict(one) for one in queue]}
        print_json(answer | {"drafts": [_entry_to_dict(one) for one in drafts]})
        return
    if not queue:
        click.echo("Nothing waits for review.")
    for entry in (*queue, *drafts):
        click.echo(_describe_entry(entry))


def _entry_to_dict(entry: Entry) -> dict[str, object]:
    remarks = [{"by": one.by, "at": one.at.isoformat(), "text": one.text} for one in entry.remarks]
    return {
        "kind": entry.kind,
        "id": entry.record,
        "state": entry.pending_state or entry.state,
        "author": entry.author,
        "new": entry.published is None,
        "fields": entry.pending,
        "remarks": remarks,
    }


def _describe_entry(entry: Entry) -> str:
    fields = entry.pending or {}
    says = fields.get("says") or fields.get("title") or fields.get("name") or ""
    kind = "report" if entry.kind == "claim" else entry.kind
    anew = "" if entry.published is None else ", changes what is published"
    lines = [f"{entry.record}: {kind}, {entry.pending_state}, by {entry.author}{anew}: {says}"]
    lines += [f"  remark of {one.by}: {one.text}" for one in entry.remarks]
    return "\n".join(lines)


@claims.command("withdraw")
@click.argument("ids", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, which the ledger keeps.")
@by_option
@json_option
def withdraw(ids: tuple[str, ...], why: str, by: str, as_json: bool) -> None:
    """Withdraw published records, or drafts of yours; nothing is deleted."""
    report_event(open_desk(by).withdraw(ids, why), as_json)


@claims.command("log")
@click.argument("record", required=False)
@click.option(
    "--since", default="", help="A day (YYYY-MM-DD), an event's number or hash, or a data version."
)
@by_option
@json_option
def log(record: str | None, since: str, by: str, as_json: bool) -> None:
    """Print who changed what, when and why, the oldest first: of all records or of one."""
    state = open_desk(by).state()
    start = _find_start(state, since) if since else 0
    notes = [
        note
        for note in state.describe_history(author=by)
        if note.number > start and record in (None, note.record)
    ]
    if record is not None and all(name != record for _, name in state.entries):
        msg = f"There is no record {record!r} in the ledger. Check the id."
        raise GeoError(msg)
    remarks = _list_remarks(state, record, by, start) if record is not None else []
    if as_json:
        changes = [note_to_dict(one) for one in notes]
        print_json({"head": state.head.number, "changes": changes, "remarks": remarks})
        return
    for note in notes:
        click.echo(_describe_note(note))
    for one in remarks:
        click.echo(f"Event {one['event']}: remark of {one['by']}: {one['text']}")
    if not notes and not remarks:
        click.echo("Nothing was changed.")


def _list_remarks(state: LedgerState, record: str, by: str, start: int) -> list[dict[str, object]]:
    """Return the remarks at a record, unless it is the draft of another person."""
    from geo.text.names import is_same_person

    return [
        {"event": one.number, "at": one.at.isoformat(), "by": one.by, "text": one.text}
        for (_, name), entry in state.entries.items()
        if name == record and (entry.state != "draft" or is_same_person(entry.author, by))
        for one in entry.remarks
        if one.number > start
    ]


def _describe_note(note: ChangeNote) -> str:
    return f"{note.at:%Y-%m-%d %H:%M} UTC, event {note.number}: {note.words}"


def _find_start(state: LedgerState, since: str) -> int:
    """Return the number of the last event before a day, or of the event that a version names."""
    from geo.builtin_layers import compute_case_version
    from geo.ledger.states import find_number

    zone = state.case.case.time_zone
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", since):
        try:
            before = date.fromisoformat(since) - timedelta(days=1)
        except (ValueError, OverflowError) as error:
            msg = f"{since!r} is no day of the calendar. Write it as YYYY-MM-DD."
            raise GeoError(msg) from error
        return find_number(before.isoformat(), "", state.events, zone) or 0
    if since.isdecimal() and int(since) <= len(state.events):
        return int(since)
    for event in state.events if len(since) >= _SHORTEST_HASH else ():
        if event.hash.startswith(since):
            return event.number
    if (
        number := find_number(since, compute_case_version(state.case), state.events, zone)
    ) is not None:
        return number
    msg = f"{since!r} is no day, and no event or data version of this ledger."
    raise GeoError(f"{msg} Write a day as 2024-05-03, or a number up to {len(state.events)}.")


@claims.command("verify")
@click.argument("bundle", required=False, type=click.Path(path_type=Path, exists=True))
@json_option
def verify(bundle: Path | None, as_json: bool) -> None:
    """Check every event and hash of the ledger, or every file of an evidence bundle."""
    if bundle is not None:
        _verify_bundle(bundle, as_json)
    ledger = open_shared_ledger()
    faults = ledger.verify()
    events = ledger.head().number
    if as_json:
        found = [
            {"event": one.number, "kind": one.kind, "why": one.why, "remedy": one.remedy}
            for one in faults
        ]
        print_json({"sound": not faults, "events": events, "faults": found})
    elif faults:
        click.echo("\n".join(map(str, faults)), err=True)
    elif events:
        click.echo(f"{events:,} {'event' if events == 1 else 'events'}; every hash is sound.")
    else:
        click.echo("0 events: nothing was written to this ledger yet. Is it the one you mean?")
    sys.exit(1 if faults else 0)


def _verify_bundle(bundle: Path, as_json: bool) -> NoReturn:
    """Print what a check of a bundle finds, and exit."""
    from geo.export.bundle_check import verify_bundle

    report = verify_bundle(bundle)
    if as_json:
        print_json(report.to_json_dict())
    else:
        click.echo(str(report), err=not report.sound)
    sys.exit(0 if report.sound else 1)
