"""Write lists of sources: plain text, BibTeX and CSL-JSON."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.evidence.loading import format_origin
from geo.evidence.provenance import explain_missing, format_missing
from geo.evidence.rating_words import find_terms, write_ratings
from geo.export.data.cell_types import clean_text
from geo.export.formats import CITATIONS, check_format
from geo.text import formatting
from geo.text.slugs import make_unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.evidence import Evidence
    from geo.evidence.models import Source
    from geo.selection import Selection

_MONTHS = list(calendar.month_name)  # from index 1
_MONTH = re.compile(rf"({'|'.join(_MONTHS[1:])}) (\d{{4}})")
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{letter: f"\\{letter}" for letter in "&%#$_"},
    }
)
_CSL_TYPES = {"press article": "article-newspaper"}


@dataclass(frozen=True)
class Citation:
    """One source as it is cited; texts are clean, None is what the records do not give.

    Attributes
    ----------
    date : tuple of int
        (year, month, day), (year, month) if the day is unknown, or ().
    named : str
        The publisher, or for readers that it is not known.
    basis : str or None
        The records' remark about the date: "the article says 'Friday'; ...".
    claims : tuple of str
        Ids of its shown claims, in order.
    origins : tuple of str
        Names of what those claims rest on, such as "Agency, 3 May 2024".
    ratings : str
        How the source, or the one claim that is cited, is rated, as sentences; mostly empty.
    missing : str or None
        Why parts of its provenance are not given: "archive_url: unknown; ...".
    """

    key: str
    publisher: str | None
    named: str
    title: str | None
    date: tuple[int, ...]
    basis: str | None
    url: str | None
    url_note: str | None
    kind: str
    claims: tuple[str, ...]
    origins: tuple[str, ...] = ()
    archive_url: str | None = None
    accessed_on: dt.date | None = None
    copy_sha256: str | None = None
    missing: str | None = None
    ratings: str = ""

    @property
    def dated(self) -> str:
        """The date as text, no more exact than it is known."""
        if len(self.date) == 3:
            return formatting.format_day(dt.date(*self.date))
        if self.date:
            return f"{_MONTHS[self.date[1]]} {self.date[0]}"
        return "date of publication not known"

    @property
    def remark(self) -> str:
        """The records' remark about the date, the ids of the claims, and what they rest on."""
        claims = f"Claims: {', '.join(self.claims)}."
        if self.origins:
            claims += f" Evidence: {'; '.join(self.origins)}."
        claims = " ".join(filter(None, (self.provenance, claims, self.ratings)))
        if self.url_note:
            claims = f"No address: {self.url_note}. {claims}"
        basis = self.basis if self.basis != self.dated else None
        return f"On the date: {basis}. {claims}" if basis else claims

    @property
    def provenance(self) -> str:
        """Archive, day of access and kept copy as a sentence each, and what is missing."""
        read = formatting.format_day(self.accessed_on) if self.accessed_on else None
        parts = {"Archived at": self.archive_url, "Read on": read}
        parts |= {"Kept copy: SHA-256": self.copy_sha256}
        given = [f"{name} {value}." for name, value in parts.items() if value]
        skip = ("url",) if self.url_note else ()
        return " ".join((*given, *explain_missing(self.missing or "", skip)))

    @property
    def note(self) -> str:
        """The remark, after a statement of what is unknown: the publisher, the date."""
        unknown = "" if self.publisher else "Publisher not known. "
        unknown += "" if self.date else f"{self.dated.capitalize()}. "
        return unknown + self.remark


def write_citations(
    selection: Selection, evidence: Evidence, fmt: str, *, link: str, version: str
) -> bytes:
    """Write the sources of the shown claims, one entry for each, as UTF-8.

    Entries are in the order in which the claims name them first. A title, day or address that the
    records do not give is left out; the note says why. The file has the view's link
    and the data version. `fmt` is one of CITATIONS.

    Raises
    ------
    geo.errors.ExportError
        If there is no such format.
    """
    check_format(fmt, CITATIONS)
    entries = list_citations(selection, evidence)
    about = {
        "link": clean_text(link),
        "data_version": clean_text(version),
        "shown": selection.report_count,
    }
    writers = {"txt": _write_text, "bibtex": _write_bibtex, "csl-json": _write_csl}
    return writers[fmt](entries, about).encode()


def list_citations(selection: Selection, evidence: Evidence) -> list[Citation]:
    """Return one entry for each source of the shown claims.

    A source without a record (of an operator's claims) is cited from its claims.
    """
    groups = selection.rows.groupby("source", sort=False)
    return [_cite_source(rows, evidence) for _, rows in groups]


def cite_claim(row: Mapping[str, Any], evidence: Evidence) -> tuple[str, str]:
    """Return the reference of one claim as a line of text and as a BibTeX entry."""
    entry = _cite_source(pd.DataFrame([row]), evidence)
    entry = replace(entry, ratings=clean_text(write_ratings(row, evidence.vocabulary_by_id)))
    key = re.sub(r"[^A-Za-z0-9-]+", "-", str(row["id"])).strip("-") or "report"
    parts = (_format_entry(entry), entry.url and f"{entry.url}.", entry.remark)
    return " ".join(part for part in parts if part), _format_bibtex(key, entry)


def _cite_source(rows: pd.DataFrame, evidence: Evidence) -> Citation:
    """Return the entry of the source that some claims share."""
    claims = tuple(clean_text(str(claim)) for claim in rows["id"])
    record = evidence.source_by_id.get(str(rows["source"].iloc[0]))
    entry = _cite_record(record, claims) if record else _cite_claim(rows.iloc[0], claims)
    origins = dict.fromkeys(chain(*rows["origins"])) if "origins" in rows.columns else ()
    names = (clean_text(format_origin(evidence, str(one))) for one in origins)
    terms = find_terms({"reliability": rows.iloc[0].get("reliability")}, evidence.vocabulary_by_id)
    rated = [f"The source is rated {term.named}." for term in terms.values()]
    return replace(entry, origins=tuple(names), ratings=clean_text(" ".join(rated)))


def _cite_record(source: Source, claims: tuple[str, ...]) -> Citation:
    day, words = source.reported_on, source.reported_on_words
    month = _MONTH.fullmatch(words or "")
    date: tuple[int, ...] = ()
    if day is not None:
        date = (day.year, day.month, day.day)
    elif month and source.reported_on_precision == "month":
        date = (int(month[2]), _MONTHS.index(month[1]))
    texts = (source.publisher, source.title, words, source.url, source.url_note)
    publisher, title, basis, url, note = (clean_text(text) if text else None for text in texts)
    named = clean_text(source.named)
    about = (source.id, publisher, named, title, date, basis, url, note)
    return Citation(
        *about,
        source.kind,
        claims,
        archive_url=clean_text(source.archive_url) if source.archive_url else None,
        accessed_on=source.accessed_on,
        copy_sha256=source.copy_sha256,
        missing=format_missing(source),
    )


def _cite_claim(row: pd.Series, claims: tuple[str, ...]) -> Citation:
    day = formatting.to_day(row["reported_on"])
    date = (day.year, day.month, day.day) if day else ()
    source, publisher = clean_text(str(row["source"])), clean_text(str(row["publisher"]))
    url, archive, digest, missing = (
        clean_text(row[name]) if isinstance(row.get(name), str) else None
        for name in ("url", "archive_url", "copy_sha256", "missing")
    )
    about = (source, publisher, publisher, None, date, None, url, None, "", claims, ())
    return Citation(*about, archive, formatting.to_day(row.get("accessed_on")), digest, missing)


def _write_text(entries: list[Citation], about: Mapping[str, str]) -> str:
    lines = [
        f"Sources of {about['shown']}",
        f"View: {about['link']}",
        f"Data version: {about['data_version']}",
    ]
    for number, entry in enumerate(entries, start=1):
        about_entry = (entry.url or "No address on record.", entry.remark)
        lines += ["", f"{number}. {_format_entry(entry)}", *(f"   {one}" for one in about_entry)]
    return "\n".join(lines) + "\n"


def _format_entry(entry: Citation) -> str:
    title = f" “{entry.title}”." if entry.title else ""
    dated = f"{entry.dated[0].upper()}{entry.dated[1:]}"
    return f"{entry.publisher or 'Publisher not known'}.{title} {dated}."


def _write_bibtex(entries: list[Citation], about: Mapping[str, str]) -> str:
    # BibTeX skips everything outside of an entry, up to the next @.
    about_text = "\n".join(f"{key}: {text}" for key, text in about.items()).replace("@", "%40")
    blocks = ["\n".join(f"% {line}" for line in about_text.splitlines())]
    plain = (re.sub(r"[^A-Za-z0-9-]+", "-", entry.key).strip("-") or "source" for entry in entries)
    keys = make_unique(plain, separator="-", ignore_case=True)
    blocks += map(_format_bibtex, keys, entries)
    return "\n\n".join(blocks) + "\n"


def _format_bibtex(key: str, entry: Citation) -> str:
    fields = {}
    if entry.publisher:
        fields["publisher"] = f"{{{escape_tex(entry.publisher)}}}"
    if entry.title:
        fields["title"] = f"{{{{{escape_tex(entry.title)}}}}}"
    if entry.date:
        fields["year"] = f"{{{entry.date[0]}}}"
        fields["month"] = _MONTHS[entry.date[1]][:3].lower()
    if len(entry.date) == 3:
        fields["day"] = f"{{{entry.date[2]}}}"
    if entry.url:
        fields["url"] = f"{{{_escape_bibtex_url(entry.url)}}}"
    if entry.accessed_on:
        fields["urldate"] = f"{{{entry.accessed_on}}}"
    if entry.archive_url:
        fields["archive"] = f"{{{_escape_bibtex_url(entry.archive_url)}}}"
    fields["note"] = f"{{{escape_tex(entry.note)}}}"
    body = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{key},\n{body}\n}}"


def escape_tex(text: str) -> str:
    """Escape text for a BibTeX field; braces become commands, since BibTeX counts escaped ones."""
    return text.translate(_TEX)


def _escape_bibtex_url(url: str) -> str:
    """Return an address for a url field, with braces, quotes and spaces encoded."""
    return re.sub(r"[{}\\\"\s]", lambda found: f"%{ord(found.group()):02X}", url)


def _write_csl(entries: list[Citation], about: Mapping[str, str]) -> str:
    """Write items of the CSL-JSON schema; data without a field there is in "custom"."""
    kept = {key: about[key] for key in ("link", "data_version")}
    items = [
        {
            "id": entry.key,
            "type": _CSL_TYPES.get(entry.kind, "webpage" if entry.url else "document"),
            **({"publisher": entry.publisher} if entry.publisher else {}),
            **({"title": entry.title} if entry.title else {}),
            **({"issued": {"date-parts": [entry.date]}} if entry.date else {}),
            **({"URL": entry.url} if entry.url else {}),
            **_date_csl_access(entry),
            **({"archive_location": entry.archive_url} if entry.archive_url else {}),
            "note": entry.note,
            "custom": {"claims": entry.claims, "origins": entry.origins}
            | {"copy_sha256": entry.copy_sha256, "missing": entry.missing}
            | kept,
        }
        for entry in entries
    ]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _date_csl_access(entry: Citation) -> dict[str, Any]:
    day = entry.accessed_on
    return {"accessed": {"date-parts": [(day.year, day.month, day.day)]}} if day else {}
