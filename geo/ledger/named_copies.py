"""Which kept copies the records of a ledger name, for a check that none of them is missing."""

from collections.abc import Callable, Iterable, Iterator

from geo.ledger.change_notes import NOUNS
from geo.ledger.copies import is_sha256
from geo.ledger.models import Event, Fields, LedgerFault, RecordKind


def find_missing_copies(
    events: Iterable[Event], is_kept: Callable[[str], bool]
) -> Iterator[LedgerFault]:
    """Yield a fault for each copy that a published record or a draft names and that is missing.

    A copy that a record of the case named before the first event is not of the ledger.
    """
    names: dict[tuple[RecordKind, str], list[Fields]] = {}
    of_case: set[str] = set()
    named: set[str] = set()
    for event in events:
        for change in event.changes:
            old, new = _list_hashes(change.old), _list_hashes(change.new)
            of_case |= old - named
            named |= new
            key = (change.kind, change.record)
            if change.action == "withdraw":
                names[key] = []
            elif change.action == "publish":
                names[key] = [change.new] if change.new else names.get(key, [])[-1:]
            elif change.action == "draft" and change.new:
                names[key] = [*names.get(key, [])[:1], change.new]
    missing = {
        digest: key
        for key, versions in names.items()
        for fields in versions
        for digest in sorted(_list_hashes(fields) - of_case)
    }
    for digest, (kind, record) in missing.items():
        if not is_kept(digest):
            why = f"the copy {digest} that {NOUNS[kind]} {record} names is missing."
            yield LedgerFault(0, "lost", why, "Restore it from a copy, or keep that file again.")


def _list_hashes(fields: Fields | None) -> set[str]:
    """Return the SHA-256 of the copy of a source, or of the image of a claim."""
    image = (fields or {}).get("image")
    found = (fields or {}).get("copy_sha256"), image.get("sha256") if isinstance(image, dict) else 0
    return {text for text in found if isinstance(text, str) and is_sha256(text)}
