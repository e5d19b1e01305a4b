"""What the commands of `claims` share: the ledger, the person, events in words and as JSON."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from geo.errors import LedgerError

if TYPE_CHECKING:
    from geo.ledger.api import Ledger
    from geo.ledger.change_notes import ChangeNote
    from geo.ledger.desk import Desk
    from geo.ledger.models import Event

Command = TypeVar("Command", bound=Callable[..., object])


def _default_person(_: object, __: object, name: str) -> str:
    if name.strip():
        return name.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        msg = "Who you are is not known to the system. Give your name with --by."
        raise click.UsageError(msg) from error


by_option = click.option(
    "--by",
    default="",
    callback=_default_person,
    help="Your name in the ledger. Default: that of the system's user.",
)
why_option = click.option("--why", default="", help="The reason, which the ledger keeps.")


def open_shared_ledger() -> Ledger:
    """Return the ledger of LEDGER_URL; raise LedgerError in words if it names none."""
    from geo.ledger.open import open_ledger
    from geo.settings import settings

    url = settings().ledger_url
    if not url:
        msg = "LEDGER_URL is empty, so there is no shared ledger: set it to a folder, such as"
        raise LedgerError(f"{msg} LEDGER_URL=ledger, or to a database.")
    return open_ledger(url)


def open_desk(by: str) -> Desk:
    """Return the desk of a person at the shared ledger."""
    from geo.evidence import builtin_evidence
    from geo.ledger.desk import Desk
    from geo.ledger.people import make_person

    return Desk(open_shared_ledger(), builtin_evidence(), make_person(by))


def print_json(answer: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(answer, ensure_ascii=False, default=str))


def event_to_dict(event: Event) -> dict[str, object]:
    """Return what an event did as JSON values."""
    return {
        "event": event.number,
        "at": event.at.isoformat(timespec="milliseconds"),
        "by": event.by,
        "why": event.why,
        "changes": [
            {"kind": one.kind, "id": one.record, "action": one.action} for one in event.changes
        ],
    }


def note_to_dict(note: ChangeNote) -> dict[str, object]:
    """Return a change in words as JSON values."""
    return {
        "event": note.number,
        "at": note.at.isoformat(timespec="milliseconds"),
        "by": note.by,
        "why": note.why,
        "kind": note.kind,
        "id": note.record,
        "verb": note.verb,
        "title": note.title,
        "fields": [{"field": one.field, "old": one.old, "new": one.new} for one in note.fields],
        "words": note.words,
    }


def describe_event(event: Event) -> str:
    """Return what an event did in one line."""
    counts: dict[str, list[str]] = {}
    for change in event.changes:
        counts.setdefault(_ACTIONS[change.action], []).append(change.record)
    parts = [f"{words} {', '.join(dict.fromkeys(ids))}" for words, ids in counts.items()]
    return f"Event {event.number} by {event.by}: {'; '.join(parts)}"


_ACTIONS = {
    "draft": "drafted",
    "submit": "sent to review",
    "return": "sent back",
    "publish": "published",
    "withdraw": "withdrew",
    "remark": "remarked on",
}


def report_event(event: Event, as_json: bool, **more: object) -> None:
    """Print an event, as one line on stderr or as JSON on stdout."""
    if as_json:
        print_json(event_to_dict(event) | more)
    else:
        click.echo(describe_event(event), err=True)
