"""A synthetic ledger with a known history: a report added, one changed, one withdrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from geo.evidence import builtin_evidence
from geo.ledger import Desk, FolderLedger, Person, Records
from tests.support.ledger_records import make_claim

ADDED, CHANGED, WITHDRAWN = "nyt-90", "nyt-02", "nyt-03"
WORDS = "A synthetic crane stands on the apron."
ADDED_AT = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)  # 12:00 in Damascus
CHANGED_AT = datetime(2025, 3, 3, 21, 30, tzinfo=UTC)  # 4 March, 00:30 in Damascus
WITHDRAWN_AT = datetime(2025, 3, 5, 9, 0, tzinfo=UTC)
EDITOR = Person("E. Editor", frozenset({"reader", "author", "reviewer"}))


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the ledger write its events at a moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment.astimezone(tz)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.ledger.folder.datetime", Clock)
        yield


def write_history(folder: Path) -> Desk:
    """Write the history into a ledger's folder; events 1 and 2, 3 and 4, and 5."""
    case = builtin_evidence()
    desk = Desk(FolderLedger(folder), case, EDITOR)
    with clock_at(ADDED_AT):
        desk.draft(Records(claims=(make_claim(ADDED, says=WORDS),)), "from the paper")
        desk.publish([ADDED])
    changed = next(one for one in case.claims if one.id == CHANGED).model_dump(mode="json")
    with clock_at(CHANGED_AT):
        desk.draft(Records(claims=({**changed, "certainty": "claimed"},)), "read again")
        desk.publish([CHANGED])
    with clock_at(WITHDRAWN_AT):
        desk.withdraw([WITHDRAWN], "the source took it back")
    return desk
