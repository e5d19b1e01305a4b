"""What people do with the evidence: add, submit, review, withdraw; with the rules for each."""

from collections.abc import Callable, Iterable, Sequence

from geo.errors import LedgerChangedError, LedgerError, LedgerPermissionError, NothingChangedError
from geo.evidence import Claim, Evidence, RecordFault
from geo.ledger import desk_rules as rules
from geo.ledger.api import Ledger
from geo.ledger.claim_ids import make_claim_id
from geo.ledger.entries import Entry, name_record
from geo.ledger.follow import follow
from geo.ledger.models import Action, Event, Fields, RecordChange, RecordKind
from geo.ledger.named import Key, find_named_waiting, find_naming_claims
from geo.ledger.people import Person, Role
from geo.ledger.records import (
    Records,
    RecordsRefusedError,
    check_records,
    find_faults_without,
)
from geo.ledger.similar import find_similar
from geo.ledger.state import LedgerState
from geo.settings import settings

Ids = Iterable[str | Key]
_TRIES = 200


class Desk:
    """What one person may do with a ledger; every method raises a LedgerError in words.

    An id that a method takes is a claim's, or else that of another record; (kind, id) is exact.
    """

    def __init__(
        self,
        ledger: Ledger,
        case_evidence: Evidence,
        person: Person,
        *,
        review_by_two: bool | None = None,
    ) -> None:
        self.ledger = ledger
        self.person = person
        self._follower = follow(ledger, case_evidence)
        by_two = settings().review_by_two if review_by_two is None else review_by_two
        self.review_by_two = by_two

    def state(self) -> LedgerState:
        """Return the state at the ledger's head."""
        return self._follower.state()

    def evidence(self) -> Evidence:
        """Return the evidence as this person sees it: published, and the person's own drafts."""
        return self.state().evidence(self.person.name)

    def check(self, records: Records) -> list[RecordFault]:
        """Return every fault of records, as if they were added to what the person sees."""
        state = self.state()
        complete = self._complete(state, records)
        return list(check_records(state.evidence(self.person.name), complete).faults)

    def new_claim_id(self, source: str, source_set: str | None = None) -> str:
        """Return an id for a new claim of a source, which no claim ever had.

        `source_set` is the set of a source that is new itself.
        """
        state = self.state()
        evidence = state.evidence(self.person.name)
        return make_claim_id(evidence, _list_claim_ids(state), source, source_set)

    def find_similar(self, claim: Claim) -> tuple[Claim, ...]:
        """Return claims of the same source, place and subject on days in common."""
        return find_similar(self.evidence(), claim)

    def draft(
        self,
        records: Records,
        why: str = "",
        *,
        submit: bool = False,
        seen: int | None = None,
        withdraw: Ids = (),
    ) -> Event:
        """Keep records as drafts of this person, all or none; with `submit` ask for their review.

        A claim without an id receives one, a claim without origins one that is not named.
        RecordsRefusedError has every fault. `seen` is the number of the last event that the
        person knew: LedgerChangedError is raised if one of the records was changed after it.
        `withdraw` are records that the same act withdraws, as `withdraw` does; `why` says why.
        """
        self._require("author")
        if submit:
            self._require_shared()

        gone = list(withdraw)

        def build(state: LedgerState) -> list[RecordChange]:
            complete = self._complete(state, records)
            checked = check_records(state.evidence(self.person.name), complete)
            if checked.faults:
                raise RecordsRefusedError(checked.faults)
            drafts = [
                change
                for kind, fields in checked.fields
                for change in self._draft_one(state, kind, fields, submit, seen)
            ]
            return [*drafts, *(self._withdraw_all(state, gone) if gone else ())]

        return self._append(build, why)

    def submit(self, ids: Ids, why: str = "") -> Event:
        """Ask for a review of drafts of this person, and of the drafts that they name."""
        self._require("author")
        self._require_shared()

        def build(state: LedgerState) -> list[RecordChange]:
            chosen = [rules.find_draft(state, one, self.person) for one in _unique(ids)]
            named = find_named_waiting(state, chosen, lambda one: rules.is_draft(one, self.person))
            return [_change(entry, "submit") for entry in (*named, *chosen)]

        return self._append(build, why)

    def send_back(self, ids: Ids, remark: str) -> Event:
        """Send records in review back to their authors, with a remark."""
        self._require_shared()
        text = rules.require_text(remark, "Write what is to be changed.")

        def build(state: LedgerState) -> list[RecordChange]:
            chosen = [rules.find_in_review(state, one) for one in _unique(ids)]
            if any(not rules.is_own(one, self.person) for one in chosen):
                self._require("reviewer")
            return [_change(entry, "return") for entry in chosen]

        return self._append(build, text)

    def publish(self, ids: Ids, why: str = "") -> Event:
        """Publish records in review, or drafts of this person, with the records that they name."""
        self._require("reviewer")
        self._require_shared()

        def build(state: LedgerState) -> list[RecordChange]:
            by_two, person = self.review_by_two, self.person
            chosen = [rules.find_publishable(state, one, person, by_two) for one in _unique(ids)]
            authors = {entry.author for entry in chosen}
            named = find_named_waiting(
                state, chosen, lambda one: one.author in authors or one.pending_state != "draft"
            )
            for entry in named:
                rules.check_reviewer(entry, person, by_two)
            shown = [*named, *chosen]
            self._check_published(state, shown)
            return [_change(one, "publish", one.published, one.pending) for one in shown]

        return self._append(build, why)

    def withdraw(self, ids: Ids, why: str) -> Event:
        """Withdraw published records, or drop drafts of this person; nothing is deleted."""
        reason = rules.require_text(why, "Write why it is withdrawn.")

        return self._append(lambda state: self._withdraw_all(state, ids), reason)

    def discard(self, ids: Ids, why: str = "") -> Event:
        """Take back waiting changes of this person; published records stay as they are."""
        self._require("author")

        def build(state: LedgerState) -> list[RecordChange]:
            chosen = [rules.find_own_waiting(state, one, self.person) for one in _unique(ids)]
            return [
                _change(one, "withdraw")
                if one.published is None
                else _change(one, "draft", one.pending, one.published)
                for one in chosen
            ]

        return self._append(build, why)

    def remark(self, record: str | Key, text: str) -> Event:
        """Write a remark at a record that this person sees."""
        words = rules.require_text(text, "Write the remark.")
        if not self.person.roles & {"author", "reviewer"}:
            self._require("author")

        def build(state: LedgerState) -> list[RecordChange]:
            return [_change(rules.find_visible(state, record, self.person), "remark")]

        return self._append(build, words)

    def _append(self, build: Callable[[LedgerState], Sequence[RecordChange]], why: str) -> Event:
        """Append what a state asks for; again from the newer state when somebody was faster."""
        for _ in range(_TRIES):
            state = self.state()
            changes = build(state)
            if not changes:
                msg = "Nothing is different from what is there, so nothing is kept."
                raise NothingChangedError(msg)
            try:
                return self.ledger.append(
                    self.person.name, why.strip(), changes, expected=state.head
                )
            except LedgerChangedError:
                continue
        msg = "Others write to the ledger all the time, so this was not kept. Try again."
        raise LedgerChangedError(msg)

    def _draft_one(
        self, state: LedgerState, kind: RecordKind, fields: Fields, submit: bool, seen: int | None
    ) -> list[RecordChange]:
        record = name_record(kind, fields)
        entry = state.find_entry(kind, record) or Entry(kind, record, "draft")
        rules.check_free(entry, self.person, seen)
        changes = []
        if fields != entry.current:
            changes.append(_change(entry, "draft", entry.current, fields))
        waits = fields != entry.published
        if submit and waits and (changes or entry.pending_state == "draft"):
            changes.append(_change(entry, "submit"))
        return changes

    def _withdraw_all(self, state: LedgerState, ids: Ids) -> list[RecordChange]:
        chosen = [rules.find_known(state, one) for one in _unique(ids)]
        for entry in chosen:
            if entry.published is not None:
                self._require("reviewer")
                self._require_shared()
            rules.check_withdrawable(entry, self.person)
        gone = {(one.kind, one.record) for one in chosen}
        rules.check_not_named(chosen, find_naming_claims(state, gone))
        places = {name for kind, name in gone if kind == "place"}
        faults = find_faults_without(state.evidence(), places) if places else []
        if faults:
            raise RecordsRefusedError(faults)
        return [_change(entry, "withdraw", entry.published) for entry in chosen]

    def _check_published(self, state: LedgerState, shown: Sequence[Entry]) -> None:
        """Raise RecordsRefusedError if what is to be published breaks a rule by now."""
        fields: dict[str, list[Fields]] = {}
        for entry in shown:
            fields.setdefault(f"{entry.kind}s", []).append(entry.pending or {})
        records = Records(**{name: tuple(some) for name, some in fields.items()})
        checked = check_records(state.evidence(), records)
        if checked.faults:
            raise RecordsRefusedError(checked.faults)

    def _complete(self, state: LedgerState, records: Records) -> Records:
        """Return records in which each claim has an id and an origin."""
        if all(not isinstance(claim, dict) for claim in records.claims):
            return records
        evidence = state.evidence(self.person.name)
        used, claims = _list_claim_ids(state), list[Fields | Claim]()
        sets = {
            name_record(k, one): one.get("set") for k, one in records.list_fields() if k == "source"
        }
        for claim in records.claims:
            if isinstance(claim, dict):
                source = str(claim.get("source") or "report")
                name = claim.get("id") or make_claim_id(evidence, used, source, sets.get(source))
                claim = claim | {"id": name, "origins": claim.get("origins") or [f"unnamed:{name}"]}
                used.add(str(name))
            claims.append(claim)  # type: ignore[arg-type]
        return records.with_claims(claims)

    def _require(self, role: Role) -> None:
        if not self.person.name:
            msg = "Nobody is signed in, so the ledger can only be read. Sign in first."
            raise LedgerPermissionError(msg)
        if role not in self.person.roles:
            setting = "LEDGER_AUTHORS" if role == "author" else "LEDGER_REVIEWERS"
            msg = f"{self.person.name} is no {role} of this ledger. The operator names who is one"
            raise LedgerPermissionError(f"{msg} in {setting}.")

    def _require_shared(self) -> None:
        if not self.ledger.shared:
            msg = "These are drafts of your own, which nobody else sees or reviews. Download them,"
            raise LedgerPermissionError(f"{msg} or ask the operator for a shared ledger.")


def _list_claim_ids(state: LedgerState) -> set[str]:
    return {record for kind, record in state.entries if kind == "claim"}


def _unique(ids: Ids) -> list[str | Key]:
    found = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))
    if not found:
        msg = "No record is chosen. Choose at least one."
        raise LedgerError(msg)
    return found


def _change(
    entry: Entry, action: Action, old: Fields | None = None, new: Fields | None = None
) -> RecordChange:
    return RecordChange(kind=entry.kind, record=entry.record, action=action, old=old, new=new)
