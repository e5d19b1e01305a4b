"""Who a person is to the ledger, and what the person may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from geo.settings import settings
from geo.text.names import fold_person

Role = Literal["reader", "author", "reviewer"]
EVERYBODY = "*"
OWN_AUTHOR = "you"
"""The name of a browser's reader in the ledger of its own drafts."""


@dataclass(frozen=True)
class Person:
    """A name and its roles."""

    name: str
    roles: frozenset[Role]


NOBODY = Person("", frozenset({"reader"}))
OWN_PERSON = Person(OWN_AUTHOR, frozenset({"reader", "author"}))


def make_person(name: str) -> Person:
    """Return a person with the roles that LEDGER_AUTHORS and LEDGER_REVIEWERS give the name."""
    chosen = settings()
    roles: set[Role] = {"reader"}
    if _is_listed(name, chosen.ledger_authors):
        roles.add("author")
    if _is_listed(name, chosen.ledger_reviewers):
        roles.add("reviewer")
    return Person(name.strip(), frozenset(roles)) if fold_person(name) else NOBODY


def _is_listed(name: str, setting: str) -> bool:
    listed = [part.strip() for part in setting.split(",")]
    return EVERYBODY in listed or fold_person(name) in _fold_all(listed)


def _fold_all(names: Iterable[str]) -> set[str]:
    return {fold_person(name) for name in names if name}
