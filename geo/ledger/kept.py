"""Keep copies of sources and images of claims in a ledger, each as a change of its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from geo.errors import LedgerPermissionError, UnknownRecordError
from geo.evidence.provenance import fill_missing
from geo.ledger.records import Records, RecordsRefusedError

if TYPE_CHECKING:
    from geo.ledger.desk import Desk
    from geo.ledger.models import Event
    from geo.media import KeptFile


def keep_source_copy(
    desk: Desk,
    source: str,
    file: KeptFile,
    *,
    changes: Mapping[str, object] | None = None,
    why: str = "",
    submit: bool = False,
) -> Event:
    """Keep a copy of a source, and draft the source with its SHA-256.

    `changes` are other fields of the source that this act sets, such as `accessed_on`. A
    LedgerError says in words why nothing was kept.
    """
    record = desk.evidence().source_by_id.get(source)
    if record is None:
        msg = f"There is no source {source!r}. Check the id; `source list` prints them all."
        raise UnknownRecordError(msg)
    fields = record.model_dump(mode="json") | dict(changes or {}) | {"copy_sha256": file.sha256}
    records = Records(sources=(fill_missing(fields),))
    return _keep(desk, records, file, why or "kept a copy", submit)


def keep_claim_image(
    desk: Desk,
    claim: str,
    file: KeptFile,
    *,
    credit: str,
    alt: str,
    licence: str | None,
    may_publish: bool,
    why: str = "",
    submit: bool = False,
) -> Event:
    """Keep an image, and draft the claim with it; only with a licence it may be published."""
    record = next((one for one in desk.evidence().claims if one.id == claim), None)
    if record is None:
        raise UnknownRecordError(f"There is no report {claim!r}. Check the id.")
    image = {
        "sha256": file.sha256,
        "credit": credit.strip(),
        "alt": alt.strip(),
        "licence": (licence or "").strip() or None,
        "may_publish": may_publish,
    }
    records = Records(claims=(record.model_dump(mode="json") | {"image": image},))
    return _keep(desk, records, file, why or "added an image", submit)


def _keep(desk: Desk, records: Records, file: KeptFile, why: str, submit: bool) -> Event:
    """Keep a file once nothing is wrong with the records; a file without a record is harmless."""
    if "author" not in desk.person.roles:
        name = desk.person.name or "Somebody without a name"
        raise LedgerPermissionError(f"{name} may not add copies or images (LEDGER_AUTHORS).")
    if faults := desk.check(records):
        raise RecordsRefusedError(faults)
    desk.ledger.keep_copy(file.data, file.media_type)
    return desk.draft(records, why, submit=submit)
