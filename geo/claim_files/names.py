"""The names that cells may refer to: words of vocabularies, and records by any of their names."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from geo.claim_files.columns import TableKind
from geo.claim_files.models import CellError
from geo.claim_files.sheets import fold
from geo.evidence import Evidence
from geo.ingest.base.safe_text import printable
from geo.text.text_search import fold_name

_LISTED = 12


class KnownNames:
    """The ids of one kind of record, and other names that mean exactly one of them.

    With `free`, a text that is none of them is a name too.
    """

    def __init__(
        self, noun: str, names: Iterable[tuple[str, Iterable[str | None]]], *, free: bool = False
    ) -> None:
        self.noun = noun
        self.free = free
        self.ids: dict[str, None] = {}
        self._by_name: dict[str, set[str]] = {}
        for record, others in names:
            self.add(record, others)

    def add(self, record: str, others: Iterable[str | None] = ()) -> None:
        """Add a record with further names."""
        self.ids[record] = None
        for name in (record, *others):
            for key in {fold(name), fold_name(name)} if name else ():
                self._by_name.setdefault(key, set()).add(record)

    def find(self, text: str) -> str:
        """Return the id that a text names; raise CellError with the nearest."""
        if text in self.ids:
            return text
        found = self._by_name.get(fold(text)) or self._by_name.get(fold_name(text)) or set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            several = ", ".join(sorted(found))
            raise CellError(f"this names several {self.noun}s", f"write one of {several}", text)
        if self.free:
            return text
        nearest = self._find_nearest(fold(text))
        remedy = f"did you mean {printable(nearest, 60)!r}? Else " if nearest else ""
        remedy += f"add it to the table of {self.noun}s, or write one that is there"
        if not nearest and len(self.ids) <= _LISTED:
            remedy += f": {', '.join(printable(one, 60) for one in self.ids)}"
        raise CellError(f"no such {self.noun}", remedy, text)

    def _find_nearest(self, wanted: str) -> str:
        """Return the record whose name resembles a text, or is the only one that has it in it."""
        near = get_close_matches(wanted, list(self._by_name), 1, 0.6)
        if near:
            return min(self._by_name[near[0]])
        inside = {
            one
            for name, records in self._by_name.items()
            if len(wanted) > 2 and (wanted in name or (len(name) > 3 and name in wanted))
            for one in records
        }
        return inside.pop() if len(inside) == 1 else ""


def list_known(evidence: Evidence) -> dict[TableKind, KnownNames]:
    """Return the names of every kind of record that a claim may refer to."""
    sources = [(one.id, (one.publisher, one.title)) for one in evidence.sources]
    places = [
        (one.id, (one.name, one.short_name, one.name_ar, *one.other_names))
        for one in evidence.places
    ]
    origins = [(one.id, (one.name,)) for one in evidence.origins]
    systems = [(one.name, one.spellings) for one in evidence.systems]
    free = {name: name in evidence.free_names for name in ("systems", "origins")}
    if free["systems"]:  # those of other claims, in their spelling
        systems += [(name, ()) for claim in evidence.claims for name in claim.systems]
    return {
        "claims": KnownNames("claim", ((one.id, ()) for one in evidence.claims)),
        "sources": KnownNames("source", sources),
        "places": KnownNames("place", places),
        "origins": KnownNames("origin", origins, free=free["origins"]),
        "systems": KnownNames("system", systems, free=free["systems"]),
    }


def find_word(text: str, words: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """Return the word of a vocabulary that a text writes, whatever its case and blanks.

    `labels` are other ways to write a word. CellError names the nearest word, or all.
    """
    words = tuple(words)
    folded = {fold(label): word for label, word in (labels or {}).items()}
    folded |= {fold(word): word for word in words}
    wanted = fold(text)
    if wanted in folded:
        return folded[wanted]
    near = [folded[one] for one in get_close_matches(wanted, list(folded), 1, 0.6)]
    inside = {word for one, word in folded.items() if len(wanted) > 2 and wanted in one}
    if not near and len(inside) == 1:
        near = list(inside)
    listed = ", ".join(words)
    did = f"did you mean {near[0]!r}? The words are " if near else "use one of "
    raise CellError("not a word of this vocabulary", f"{did}{listed}")
