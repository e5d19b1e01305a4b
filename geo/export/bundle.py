"""Evidence bundle: one ZIP with what a view shows, where each report comes from, and a manifest.

The same view, data and ledger give the same bytes. `bundle_check.verify_bundle` checks one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from geo.builtin_layers import find_evidence, find_store
from geo.errors import BundleError
from geo.export.bundle_check import FORMAT, MANIFEST, MAX_BYTES
from geo.export.data.citations import write_citations
from geo.export.data.data_file import export_data
from geo.export.deck import Progress, ignore_progress
from geo.export.export import export_view
from geo.export.formats import Format
from geo.export.options import ExportOptions
from geo.export.page_rows import collect_page_rows
from geo.export.slide_image import read_copy_of
from geo.ledger.models import Head
from geo.ledger.states import read_number
from geo.media import ENDINGS, describe_kept_file
from geo.text.formatting import explain_link
from geo.view import to_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.evidence import Claim, Evidence, Source
    from geo.export.page_rows import PageRows
    from geo.ledger.api import Ledger
    from geo.ledger.models import Event
    from geo.store import LayerStore
    from geo.view import View

BUNDLE: Mapping[str, Format] = {
    "bundle": Format("Evidence bundle (zip)", "zip", "application/zip"),
}
"""The bundle as a format of a view, beside those of pictures."""

_README = """Evidence bundle of a briefing map

{counted}.
View: {link}
Data version: {version}
{head}
`claims.csv`, `claims.geojson`: the reports shown, one a row, with source and provenance
`claims.json`: the same as records, with the places and origins that they name
`sources.json`: the sources as records; "missing" says why a part is not given
`sources.txt`, `sources.bib`, `sources.csl.json`: the sources as citations
`view.png`, `view.json`: the picture of the view; its link, data version and ids
`events.json`: who changed these records, when and why, as the ledger has it
`copies/`: kept copies of sources, each named by its SHA-256
`images/`: images beside reports that may be published, as they were kept
`manifest.json`: SHA-256 and size of every other file

Each report is one source's statement, as reported; nothing here is verified by the map.
{kept}
To check the bundle: `python -m geo claims verify FILE`. It names every file that was changed, is
missing, is extra or was renamed. Without the program: compare the SHA-256 of each file with
`manifest.json`. A bundle that was packed again is reported too; compare the SHA-256 of the whole
file with the sender's.
"""


@dataclass(frozen=True)
class _Kept:
    """Kept files of the sources and claims of a bundle, and what is not in it, in words."""

    files: tuple[tuple[str, bytes], ...]
    notes: tuple[str, ...]


def write_bundle(
    view: View,
    store: LayerStore,
    evidence: Evidence,
    *,
    ledger: Ledger | None = None,
    address: str = "",
    theme: str = "light",
    progress: Progress = ignore_progress,
) -> bytes:
    """Return the evidence bundle of a view's page as a ZIP.

    Parameters
    ----------
    ledger : Ledger, optional
        Holds kept files and events; without one the bundle has neither.
    address : str
        Of a server; the links in the bundle begin with it.

    Raises
    ------
    geo.errors.BundleError
        If it would be larger than MAX_BYTES.
    geo.errors.LedgerError
        If a kept file was changed.
    """
    from geo.export.pptx.reproducible_zip import zip_files

    store = find_store(store, view.as_of)
    evidence = find_evidence(store) if view.as_of else evidence
    rows = collect_page_rows(view, store, evidence)
    version = store.shared_version()
    shared = rows.view.to_share(version)
    link = explain_link(f"{address.rstrip('/')}/{shared.page}?{to_query(shared, explicit=True)}")
    known = rows.selection.evidence
    claims, sources = _find_records(rows, known)
    progress(0, 3)
    files = dict(_write_data(rows, known, claims, sources, link, version))
    progress(1, 3)
    read_copy = read_copy_of(ledger)
    options = ExportOptions("png", theme=theme, address=address, read_copy=read_copy)
    files["view.png"] = export_view(view, options, store, evidence)
    progress(2, 3)
    kept = _read_kept(claims, sources, ledger)
    files |= dict(kept.files)
    last = read_number(version) if view.as_of else None
    head, files["events.json"] = _write_events(rows, claims, sources, ledger, last)
    counted = rows.selection.report_count
    notes = "".join(f"{note}\n" for note in (*kept.notes, *_list_notes(rows)))
    about = {"counted": counted, "link": link, "version": version, "head": head, "kept": notes}
    files["README.txt"] = _README.format_map(about).encode()
    files = {name: files[name] for name in sorted(files)}
    manifest = _write_manifest(files, counted, link, version)
    if sum(map(len, files.values())) + len(manifest) > MAX_BYTES * 0.99:
        msg = f"The bundle would have more than {MAX_BYTES / 1e6:,.0f} MB. Show fewer reports."
        raise BundleError(msg)
    progress(3, 3)
    return zip_files([(MANIFEST, manifest), *files.items()], stored=("",))


def _find_records(rows: PageRows, evidence: Evidence) -> tuple[list[Claim], list[Source]]:
    """Return the records of the shown claims and of their sources, in order."""
    shown, named = set(rows.selection.ids), set(rows.selection.rows["source"])
    claims = [one for one in evidence.claims if one.id in shown]
    return claims, [one for one in evidence.sources if one.id in named]


def _list_notes(rows: PageRows) -> Iterator[str]:
    """Yield what a reader of the bundle must know: drafts, and layers that are not in it."""
    review = rows.selection.evidence.review
    for name in rows.selection.ids:
        if name in review:
            yield f"{name}: {review[name]}, not published."
    for name in dict.fromkeys(one.name for _, part in rows.layers for one in part.layers):
        yield f"Layer {name}: shown in view.png, and not in this bundle."


def _write_data(
    rows: PageRows,
    evidence: Evidence,
    claims: list[Claim],
    sources: list[Source],
    link: str,
    version: str,
) -> Iterator[tuple[str, bytes]]:
    about: dict[str, object] = {"link": link, "data_version": version}
    for fmt in ("csv", "geojson"):
        body = export_data(rows.selection, fmt, link=link, version=version, extra=rows.column)
        yield f"claims.{fmt}", body
    recorded = {one.id: one.model_dump(mode="json") for one in claims}
    features = json.loads(body)["features"]  # of a claim without a record: its row
    listed = [recorded.get(one["properties"]["id"], one["properties"]) for one in features]
    places = {one.place for one in claims}
    origins = {name for one in claims for name in one.origins}
    named: dict[str, object] = {
        "places": [one.model_dump(mode="json") for one in evidence.places if one.id in places],
        "origins": [one.model_dump(mode="json") for one in evidence.origins if one.id in origins],
    }
    yield "claims.json", _to_json(about | {"claims": listed} | named)
    yield (
        "sources.json",
        _to_json(about | {"sources": [s.model_dump(mode="json") for s in sources]}),
    )
    for fmt, ending in (("txt", "txt"), ("bibtex", "bib"), ("csl-json", "csl.json")):
        body = write_citations(rows.selection, evidence, fmt, link=link, version=version)
        yield f"sources.{ending}", body
    ids = {"page": rows.view.page, "counted": rows.selection.report_count}
    yield "view.json", _to_json(about | ids | {"ids": list(rows.selection.ids)})


def _read_kept(claims: Iterable[Claim], sources: Iterable[Source], ledger: Ledger | None) -> _Kept:
    """Return the kept files; an image that may not be published is left out, and named."""
    files: dict[str, bytes] = {}
    notes: list[str] = []

    def read(folder: str, digest: str, what: str) -> None:
        found = ledger.read_copy(digest) if ledger else None
        if found is None:
            notes.append(f"{what}: SHA-256 {digest} is not in this ledger, so it is not here.")
            return
        data, media_type = found
        name = f"{folder}/{digest}.{ENDINGS.get(media_type, 'bin')}"
        files[name] = data
        notes.append(f"{what}: {name} ({describe_kept_file(media_type, len(data))}).")

    for source in sources:
        if source.copy_sha256:
            read("copies", source.copy_sha256, f"Copy of {source.id}")
    for claim in claims:
        image = claim.image
        if image and image.may_publish:
            what = f"Image of {claim.id}, {image.credit} ({image.licence})"
            read("images", image.sha256, " ".join(what.split()))
        elif image:
            why = "it may not be published, so it is not here"
            notes.append(f"Image of {claim.id}: SHA-256 {image.sha256}; {why}.")
    return _Kept(tuple(files.items()), tuple(notes))


def _write_events(
    rows: PageRows,
    claims: Iterable[Claim],
    sources: Iterable[Source],
    ledger: Ledger | None,
    last: int | None,
) -> tuple[str, bytes]:
    """Return a line about the ledger's head, and the events that changed these records.

    `last` is the number of the last event that counts, if that is not the ledger's.
    """
    events = ledger.read()[:last] if ledger else ()
    if not events:
        line = "Ledger: no event; the reports are those of the case.\n"
        return line, _to_json({"head": None, "events": []})
    head = Head(events[-1].number, events[-1].hash)
    names = {("claim", name) for name in rows.selection.ids}
    names |= {("source", one.id) for one in sources}
    names |= {("place", one.place) for one in claims if one.place}
    listed = _list_public_events(events, names)
    line = f"Ledger: {head.number} events, the last with the hash {head.hash}\n"
    return line, _to_json({"head": head._asdict(), "events": list(listed)})


def _list_public_events(
    events: tuple[Event, ...], names: set[tuple[str, str]]
) -> Iterator[dict[str, object]]:
    """Yield events that changed one of these records, without drafts that were never published.

    An event from which a change is left out says so: its hash is that of the whole event.
    """
    published: dict[tuple[str, str], int] = {}
    for event in events:
        for change in event.changes:
            if change.action == "publish":
                published[change.kind, change.record] = event.number
    for event in events:
        keys = [(change.kind, change.record) for change in event.changes]
        public = [
            change.model_dump(mode="json")
            for key, change in zip(keys, event.changes, strict=True)
            if event.number <= published.get(key, 0)
            or (change.action == "withdraw" and change.old is not None)
        ]
        if public and names.intersection(keys):
            left_out = len(keys) - len(public)
            fields = event.model_dump(mode="json") | {"changes": public}
            yield fields | ({"changes_left_out": left_out} if left_out else {})


def _write_manifest(files: Mapping[str, bytes], counted: str, link: str, version: str) -> bytes:
    listed = {
        name: {"sha256": sha256(body).hexdigest(), "bytes": len(body)}
        for name, body in files.items()
    }
    about = {"format": FORMAT, "counted": counted, "link": link, "data_version": version}
    return _to_json(about | {"files": listed})


def _to_json(content: dict[str, object]) -> bytes:
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()
