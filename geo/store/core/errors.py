"""One way to say that a file cannot be used: why, and what to do about it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import LayerExistsError, LayerNotFoundError, LayerUnreadableError, StoreError
from geo.store.core.api import LayerFault


class FileFaultError(StoreError):
    """A file, or one table of it, cannot be used; becomes a :class:`LayerFault`."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy


def describe_fault(error: Exception, name: str, path: Path) -> LayerFault:
    """What went wrong with a file, in words that do not give away where the file lies."""
    if isinstance(error, FileFaultError):
        return LayerFault(name, path.name, error.why, error.remedy)
    if isinstance(error, PermissionError):
        remedy = "Let the account that runs the dashboard read it."
        return LayerFault(name, path.name, "The dashboard is not allowed to read it.", remedy)
    said = " ".join(str(error).split()).replace(str(path), path.name)
    said = said.replace(str(path.parent), "")[:300] or type(error).__name__
    remedy = "It may be damaged or half copied: export or copy it again, whole, or remove it."
    return LayerFault(name, path.name, f"It cannot be read: {said.rstrip('.')}.", remedy)


def unreadable_error(fault: LayerFault) -> LayerUnreadableError:
    """The error for somebody who asks for a layer that is there and cannot be read."""
    msg = f"Layer {fault.name!r} ({fault.file}) cannot be read. {fault.why} {fault.remedy}"
    return LayerUnreadableError(msg)


def not_found_error(name: str, names: Iterable[str]) -> LayerNotFoundError:
    """The error for somebody who asks for a layer that is none of these."""
    there = ", ".join(map(repr, names)) or "none yet"
    msg = f"There is no layer {name!r}. The layers are: {there}. Choose one of them."
    return LayerNotFoundError(msg)


def name_exists_error(name: str) -> LayerExistsError:
    """The error for somebody who makes a layer of a name that there is already."""
    return LayerExistsError(f"There is a layer {name!r} already. Choose another name.")


@contextmanager
def explain_type_errors(name: str) -> Iterator[None]:
    """Say in words that a column of a layer has values for which there is no type."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, UnicodeError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        msg = (
            f"Layer {name!r} cannot be written: {said}. Give each column values of one kind "
            "(text, numbers, dates, or lists of these)."
        )
        raise StoreError(msg) from error
