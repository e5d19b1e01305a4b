"""Names of systems: families, spellings, and the check that a claim writes the known name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property

from geo.evidence.json_records import RecordFault, RecordTable
from geo.evidence.models import Claim
from geo.evidence.record import Record, Text
from geo.text.text_search import SearchNames, fold_name, fold_singular

ALONE = "only "
"""Before the name of a family in a filter: the reports that name it, without its members'."""


class System(Record):
    """A system that claims name, the wider system that it is part or kind of, other spellings."""

    name: Text
    family: Text | None
    spellings: tuple[Text, ...]


class SystemNames:
    """The systems of the evidence: members of each family, and spellings of each name.

    A name that the evidence does not have, of an operator's claims, has no members and no family.
    """

    def __init__(self, systems: Iterable[System]) -> None:
        self._systems = {system.name: system for system in systems}
        self._members: defaultdict[str, list[str]] = defaultdict(list)
        for system in self._systems.values():
            for family in self.list_families(system.name):
                self._members[family].append(system.name)

    def list_families(self, name: str) -> list[str]:
        """Return the families of a system, the nearest first."""
        found: list[str] = []
        at = self._systems.get(name)
        while at and at.family and at.family not in found:
            found.append(at.family)
            at = self._systems.get(at.family)
        return found

    def list_members(self, name: str) -> list[str]:
        """Return the systems of a family, those of its members included; often none."""
        return self._members.get(name, [])

    def widen(self, systems: Iterable[str], named: Collection[str]) -> set[str]:
        """Return systems and those of their families that are among the names given."""
        return {
            one
            for name in systems
            for one in (name, *(family for family in self.list_families(name) if family in named))
        }

    def expand(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return the names that claims have for the values of a filter, each once."""
        names: dict[str, None] = {}
        for value in values:
            alone = value.removeprefix(ALONE)
            names |= dict.fromkeys(
                [alone] if alone != value else [value, *self.list_members(value)]
            )
        return tuple(names)

    def list_choices(self, named: Iterable[str]) -> dict[str, str]:
        """Return the values of a filter with their labels, each family before its members.

        `named` are the names that claims have. A family that they name has one more value, for
        itself without its members.
        """
        named = set(named)
        wanted = {family for name in named for family in self.list_families(name)} | named
        choices: dict[str, str] = {}
        for name in sorted(wanted, key=self._sort_key):
            choices[name] = name
            if name in named and wanted.intersection(self.list_members(name)):
                choices[ALONE + name] = f"{name} only"
        return choices

    def _sort_key(self, name: str) -> list[str]:
        return [one.casefold() for one in (*reversed(self.list_families(name)), name)]

    def sort(self, names: Iterable[str]) -> list[str]:
        """Return names in the order of a table: each family before its members."""
        return sorted(names, key=self._sort_key)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Each known way to write a system, folded, to its name."""
        return {
            fold_name(text): system.name
            for system in self._systems.values()
            for text in (*system.spellings, system.name)
        }

    def find_name(self, text: str) -> str | None:
        """Return the known system that a text writes, if it writes one; hyphens do not matter."""
        folded = fold_name(text)
        return self.spellings.get(folded) or self.spellings.get(fold_singular(folded))

    def find_nearest(self, text: str) -> str | None:
        """Return the known system whose name a text has in it or resembles; None if none does."""
        folded = fold_name(text)
        for spelling in sorted(self.spellings, key=len, reverse=True):
            if len(spelling) > 3 and spelling in folded:
                return self.spellings[spelling]
        near = get_close_matches(folded, self.spellings, 1, 0.7)
        return self.spellings[near[0]] if near else None

    def make_search_names(
        self, others: Iterable[tuple[str, ...]], labels: dict[str, str]
    ) -> SearchNames:
        """Return what a search folds: spellings of systems and of others, families, labels."""
        groups = [(one.name, *one.spellings) for one in self._systems.values()]
        return SearchNames(
            {fold_name(text): group for group in (*groups, *others) for text in group},
            {name: (name, *self.list_families(name)) for name in self._systems}
            | {name: (label,) for name, label in labels.items()},
        )


def find_system_faults(
    systems: RecordTable[System], *claims: RecordTable[Claim]
) -> Iterator[RecordFault]:
    """Yield a fault for each system that a claim writes otherwise, and for each bad family."""
    names, known = SystemNames(systems.records), set(systems.ids)
    if systems.lost or systems.absent:  # unreadable, or any name may stand
        return
    for table in claims:
        for claim in table.records:
            for name in claim.systems:
                if name not in known:
                    yield RecordFault(
                        table.file, claim.id, "systems", *_explain_unknown(name, names)
                    )
    used = {name for table in claims for claim in table.records for name in claim.systems}
    used |= {family for name in used for family in names.list_families(name)}
    broken = any(table.faults for table in claims)
    yield from _check_systems(systems, names, set(systems.ids) if broken else used)


def _explain_unknown(name: str, names: SystemNames) -> tuple[str, str, str]:
    if found := names.find_name(name):
        return f"a spelling of the known system {found!r}", repr(name), f"write {found!r}"
    nearest = names.find_nearest(name)
    remedy = f"write {nearest!r} if it is that one, else " if nearest else ""
    return "no such system in systems.json", repr(name), f"{remedy}add it there with its family"


def _check_systems(
    systems: RecordTable[System], names: SystemNames, used: set[str]
) -> Iterator[RecordFault]:
    file, written = systems.file, dict[str, str]()
    for system in systems.records:
        name, family = system.name, system.family
        if family is not None and family not in systems.ids:
            why, remedy = "no such system in this file", "add the family or write null"
            yield RecordFault(file, name, "family", why, repr(family), remedy)
        elif family is not None and name in names.list_families(name):
            why, remedy = "the system is its own family", "name a wider system or write null"
            yield RecordFault(file, name, "family", why, repr(family), remedy)
        if name not in used:
            why, remedy = "no claim names it or one of its members", "remove it"
            yield RecordFault(file, name, "name", why, repr(name), remedy)
        for text in (name, *system.spellings):
            other = written.setdefault(fold_name(text), name)
            if other != name:
                why, remedy = f"also a spelling of {other!r}", "keep it at one of the two"
                yield RecordFault(file, name, "spellings", why, repr(text), remedy)
