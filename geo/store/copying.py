"""Layers copied from one store into another: rows, and all that is said of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from geo.errors import StoreError
from geo.store.faults import not_found
from geo.store.protocol import LayerInfo, LayerStore


class DescribedStore(LayerStore, Protocol):
    """A store whose catalogue can be changed: a folder or a database."""

    def describe(
        self, name: str, *, title: str, label_column: str | None, colour: str = ""
    ) -> LayerInfo:
        """Change what the catalogue says of a layer."""


@dataclass(frozen=True)
class Copied:
    """One layer: what it is in the target, or why it is not there."""

    name: str
    info: LayerInfo | None = None
    why: str = ""


def copy_layers(
    source: LayerStore, target: DescribedStore, names: Sequence[str] = ()
) -> Iterator[Copied]:
    """Copy layers one by one, in the source's order; one that cannot be copied stops no other.

    Each is replaced whole where the target has it. Version tokens apart, the target then says of
    it what the source says, and gives the same rows.

    Parameters
    ----------
    source, target
    names
        Only these; empty for all, those that the source cannot read included: they are told.

    Raises
    ------
    LayerNotFoundError
        When the source has none of a name; nothing is copied then.
    StoreError
        When the source does not answer.
    """
    faults = {fault.name: f"{fault.why} {fault.remedy}" for fault in source.faults()}
    there = [*(info.name for info in source.layers()), *faults]
    for name in names:
        if name not in there:
            raise not_found(name, there)
    for name in dict.fromkeys(there):
        if names and name not in names:
            continue
        try:
            yield Copied(name, _copy(source, target, name))
        except StoreError as error:
            yield Copied(name, why=faults.get(name, str(error)))


def _copy(source: LayerStore, target: DescribedStore, name: str) -> LayerInfo:
    info = source.layer(name)
    made = target.write(
        name,
        source.read(name),
        title=info.title,
        id_column=info.id_column or "",
        time_columns=info.time_columns or (),
        label_column=info.label_column or "",
        attribution=info.attribution,
    )
    if made.colour == info.colour:
        return made
    return target.describe(
        name, title=info.title, label_column=info.label_column, colour=info.colour
    )
