"""Errors that a person can act on: what value, why, and what to do."""


class GeoError(Exception):
    """Anything that went wrong in a way that can be said in words."""


class SettingsError(GeoError):
    """A setting has a value that cannot be used."""


class EvidenceError(GeoError):
    """One or more evidence records break a rule that every claim must meet."""


class StoreError(GeoError):
    """A layer store cannot be opened, read or written."""


class StoreAwayError(StoreError):
    """The store does not answer just now; it is asked again by itself."""


class LayerNotFoundError(StoreError):
    """No layer of that name is in the store."""


class LayerUnreadableError(StoreError):
    """The layer's file is there, but it cannot be read."""


class LayerExistsError(StoreError):
    """A new layer has the name of one that is there."""


class LimitError(GeoError):
    """Somebody asks for more than the settings let them have."""


class ViewError(GeoError):
    """A link or a filter asks for something that does not exist."""


class ExportError(GeoError):
    """A file of that kind cannot be made."""


class BriefingError(GeoError):
    """A briefing's file cannot be found, or has faults; each is named with its line."""


class CancelledError(GeoError):
    """Somebody stopped a long piece of work; nothing of it is kept."""
