"""The state of a ledger, kept up to date by folding only the events that are new."""

import threading
from weakref import WeakKeyDictionary

from geo.evidence import Evidence
from geo.ledger.api import Ledger
from geo.ledger.state import LedgerState


class StateFollower:
    """Follows one ledger over one case; safe for threads."""

    def __init__(self, ledger: Ledger, case: Evidence) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._state = start_state(case)
        self.last: LedgerState | None = None
        """The state that was read last; None before the first time."""

    def state(self) -> LedgerState:
        """Return the state at the ledger's head: the same object while nothing is added."""
        head = self._ledger.head()
        if self.last is not None and self.last.head == head:
            return self.last
        with self._lock:
            state = self._state
            new = self._ledger.read(state.head.number)
            follows = new and new[0].previous == state.head.hash
            if not follows and state.head != self._ledger.head():  # it was restored from a copy
                state, new = start_state(state.case), self._ledger.read()
            self._state = self.last = state.apply_all(new)
            return self._state


_starts: list[tuple[Evidence, LedgerState]] = []  # the newest last; a process has one or two cases


def start_state(case: Evidence) -> LedgerState:
    """Return the state of a case before the first event; all ledgers share it."""
    with _making:
        for known, state in _starts:
            if known is case:
                return state
        state = LedgerState.start(case)
        _starts[:] = [*_starts[-1:], (case, state)]
        return state


_followers: WeakKeyDictionary[Ledger, tuple[Evidence, StateFollower]] = WeakKeyDictionary()
_following, _making = threading.Lock(), threading.Lock()


def follow(ledger: Ledger, case: Evidence) -> StateFollower:
    """Return the follower of a ledger that all callers in this process share."""
    with _following:
        known, follower = _followers.get(ledger, (None, None))
        if follower is None or known is not case:
            follower = StateFollower(ledger, case)
            _followers[ledger] = (case, follower)
        return follower
