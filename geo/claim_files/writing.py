"""Write claims in the form in which they are read again, in one of three formats."""

from collections.abc import Iterable

from geo.claim_files.tables import collect_records, empty_tables
from geo.evidence import Evidence


def write_claims(
    evidence: Evidence, ids: Iterable[str], fmt: str, *, link: str = "", version: str = ""
) -> bytes:
    """Return a file of claims with the records that they name; "xlsx", "csv" or "json"."""
    tables = collect_records(evidence, ids, link=link, version=version)
    if fmt == "xlsx":
        from geo.claim_files.workbook import to_workbook

        return to_workbook(tables, evidence)
    from geo.claim_files.text_files import to_csv_file, to_json_file

    return {"csv": to_csv_file, "json": to_json_file}[fmt](tables)


def write_template(evidence: Evidence) -> bytes:
    """Return an empty workbook with drop-down lists and a guide."""
    from geo.claim_files.workbook import to_workbook

    return to_workbook(empty_tables(), evidence)
