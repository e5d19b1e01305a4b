"""The ledger: an append-only list of changes to the evidence, their review and their history."""

from geo.ledger.api import Ledger
from geo.ledger.desk import Desk
from geo.ledger.entries import Entry, Remark
from geo.ledger.folder import FolderLedger
from geo.ledger.models import Event, Head, LedgerFault, RecordChange
from geo.ledger.open import open_ledger
from geo.ledger.people import Person, make_person
from geo.ledger.records import Records, RecordsRefusedError
from geo.ledger.state import LedgerState

__all__ = [
    "Desk",
    "Entry",
    "Event",
    "FolderLedger",
    "Head",
    "Ledger",
    "LedgerFault",
    "LedgerState",
    "Person",
    "RecordChange",
    "Records",
    "RecordsRefusedError",
    "Remark",
    "make_person",
    "open_ledger",
]
