"""Errors and faults of layers: each says why, and what to do about it."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from geo.errors import LayerExistsError, LayerNotFoundError, LayerUnreadableError, StoreError
from geo.store.core.api import LayerFault, LayerInfo, LayerStore


class FileFaultError(StoreError):
    """A file, or one of its tables, cannot be used; becomes a :class:`LayerFault`."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} {remedy}")
        self.why = why
        self.remedy = remedy


def describe_fault(error: Exception, name: str, path: Path) -> LayerFault:
    """Return an error of a file as a fault that does not reveal the file's folder."""
    if isinstance(error, FileFaultError):
        return LayerFault(name, path.name, error.why, error.remedy)
    if isinstance(error, PermissionError):
        remedy = "Let the account that runs the dashboard read it."
        return LayerFault(name, path.name, "The dashboard is not allowed to read it.", remedy)
    text = " ".join(str(error).split()).replace(str(path), path.name)
    text = text.replace(str(path.parent), "")[:300] or type(error).__name__
    remedy = "It may be damaged or half copied: export or copy it again, whole, or remove it."
    return LayerFault(name, path.name, f"It cannot be read: {text.rstrip('.')}.", remedy)


def unreadable_error(fault: LayerFault) -> LayerUnreadableError:
    """Return the error for a layer that exists and cannot be read."""
    msg = f"Layer {fault.name!r} ({fault.file}) cannot be read. {fault.why} {fault.remedy}"
    return LayerUnreadableError(msg)


def not_found_error(name: str, names: Iterable[str]) -> LayerNotFoundError:
    """Return the error for a layer that is not among these names."""
    there = ", ".join(map(repr, names)) or "none yet"
    msg = f"There is no layer {name!r}. The layers are: {there}. Choose one of them."
    return LayerNotFoundError(msg)


def name_exists_error(name: str) -> LayerExistsError:
    """Return the error for a new layer whose name exists already."""
    return LayerExistsError(f"There is a layer {name!r} already. Choose another name.")


def check_label_column(name: str, label: str | None, columns: Collection[str]) -> None:
    """Raise StoreError when the label column of a layer is none of its columns."""
    if label is not None and label not in columns:
        msg = f"Layer {name!r} has no column {label!r}. Choose one that it has."
        raise StoreError(msg)


def replaced_error(name: str) -> LayerUnreadableError:
    """Return the error for a layer that was replaced while it was read."""
    msg = f"Layer {name!r} has just been replaced. Ask again, for the new one."
    return LayerUnreadableError(msg)


def check_version(store: LayerStore, info: LayerInfo) -> None:
    """Raise LayerUnreadableError when a layer is no longer the version that `info` describes."""
    if store.layer(info.name).version != info.version:
        raise replaced_error(info.name)


@contextmanager
def explain_type_errors(name: str) -> Iterator[None]:
    """Raise StoreError with a remedy where a column's values have no common Arrow type."""
    try:
        yield
    except (pa.ArrowException, UnicodeError, TypeError, ValueError) as error:
        text = " ".join(str(error).split())[:300]
        msg = (
            f"Layer {name!r} cannot be written: {text}. Give each column values of one kind "
            "(text, numbers, dates, or lists of these)."
        )
        raise StoreError(msg) from error
