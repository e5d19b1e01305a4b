"""Errors that a person can act on: what value, why, and what to do."""


class GeoError(Exception):
    """Base of all errors whose message is shown to people."""


class SettingsError(GeoError):
    """A setting has a value that cannot be used."""


class EvidenceError(GeoError):
    """One or more evidence records break a rule that every claim must meet."""


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


class CancelledError(GeoError):
    """A long job was cancelled; no partial result is kept."""
