"""Errors that a person can act on: what value, why, and what to do."""


class GeoError(Exception):
    """Base of all errors whose message is shown to people."""


class SettingsError(GeoError):
    """A setting has a value that cannot be used."""


class EvidenceError(GeoError):
    """One or more evidence records break a rule that every claim must meet."""


class ServerError(GeoError):
    """The dashboard cannot be served as it was asked for."""


class StoreError(GeoError):
    """A layer store cannot be opened, read or written."""


class StoreAwayError(StoreError):
    """The store does not respond; the app retries by itself."""


class LayerNotFoundError(StoreError):
    """No layer of that name is in the store."""


class LayerUnreadableError(StoreError):
    """The layer's file is there, but it cannot be read."""


class LayerExistsError(StoreError):
    """A new layer has the name of one that is there."""


class LimitError(GeoError):
    """A request exceeds a limit of the settings."""


class ViewError(GeoError):
    """A link or a filter asks for something that does not exist."""


class ExportError(GeoError):
    """A file of that kind cannot be made."""


class MediaError(GeoError):
    """A file cannot be kept, or an image cannot be decoded."""


class BundleError(GeoError):
    """An evidence bundle cannot be made or read."""


class BriefingError(GeoError):
    """A briefing's file cannot be found, or has faults; each is named with its line."""


class LedgerError(GeoError):
    """The ledger of changes cannot be opened, read or written, or a change breaks its rules."""


class LedgerAwayError(LedgerError):
    """The ledger's database does not respond; the app retries by itself."""


class LedgerDamagedError(LedgerError):
    """The ledger was tampered with, or a part of it is lost; nothing more is written to it."""


class LedgerChangedError(LedgerError):
    """Somebody else changed the record, or the ledger, in the meantime."""


class LedgerPermissionError(LedgerError):
    """The person's roles do not allow it."""


class SamePersonError(LedgerPermissionError):
    """With REVIEW_BY_TWO the reviewer is another person than the author."""


class UnknownRecordError(LedgerError):
    """There is no record of that id."""


class NothingChangedError(LedgerError):
    """What was given is what is there already."""


class CancelledError(GeoError):
    """A long job was cancelled; no partial result is kept."""
