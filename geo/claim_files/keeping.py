"""Keep what a claim file says: whole rows, all in one event of the ledger, or nothing."""

from dataclasses import dataclass

from geo.claim_files.columns import RECORD_KINDS
from geo.claim_files.cross_checks import KEPT, make_records
from geo.claim_files.models import ClaimFile, FileRow
from geo.errors import LedgerError
from geo.ledger.desk import Desk
from geo.ledger.models import Event


@dataclass(frozen=True)
class KeepChoice:
    """What a person chose where a file cannot be kept as it is.

    Attributes
    ----------
    good_rows : bool
        Keep the rows without a fault, although others have one.
    conflicts : bool
        Take the file's value where the record was changed meanwhile; else leave such rows.
    """

    good_rows: bool = False
    conflicts: bool = False
    submit: bool = False


def list_kept(file: ClaimFile, choice: KeepChoice) -> tuple[FileRow, ...]:
    """Return the rows that would be kept, withdrawals included."""
    rows = file.list_rows(*KEPT, "withdrawn")
    return tuple(row for row in rows if row.status != "conflict" or choice.conflicts)


def explain_refusal(file: ClaimFile, choice: KeepChoice) -> str:
    """Return why nothing of a file is kept; empty if it can be."""
    if file.faults and not choice.good_rows:
        count = len(file.faults)
        things = "1 thing is" if count == 1 else f"{count:,} things are"
        return f"{things} wrong with {file.title}, so nothing of it is kept."
    conflicts = file.count("conflict")
    if conflicts and not choice.conflicts and not choice.good_rows:
        rows = "1 row changes" if conflicts == 1 else f"{conflicts:,} rows change"
        return f"{rows} what somebody else changed since {file.title} was written."
    if not list_kept(file, choice):
        return f"Nothing in {file.title} is different from what is there."
    return ""


def keep_file(file: ClaimFile, desk: Desk, choice: KeepChoice, why: str = "") -> Event:
    """Keep the rows of a file as drafts of the desk's person, in one event.

    Raises
    ------
    geo.errors.LedgerError
        With the reason in words, if nothing can be kept; then nothing is.
    """
    refusal = explain_refusal(file, choice)
    if refusal:
        raise LedgerError(refusal)
    kept = list_kept(file, choice)
    records = make_records(row for row in kept if row.status in KEPT)
    gone = [row for row in kept if row.status == "withdrawn"]
    reasons = [why or f"from {file.name}", *(f"{row.record}: {row.reason}" for row in gone)]
    return desk.draft(
        records,
        "; ".join(reasons),
        submit=choice.submit,
        seen=file.head,
        withdraw=[(RECORD_KINDS[row.kind], row.record) for row in gone],
    )
