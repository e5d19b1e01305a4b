"""What a file really is: by its name and by its content, which must agree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable


@dataclass(frozen=True)
class FileFormat:
    """A format that can be read: what people call it, its suffixes, what its content must be."""

    name: str
    suffixes: tuple[str, ...]
    content: str


KINDS = (
    FileFormat(
        "GeoJSON", (".geojson", ".json", ".geojsonl", ".ndjson", ".jsonl", ".geojsons"), "json"
    ),
    FileFormat("GeoPackage", (".gpkg",), "sqlite"),
    FileFormat("KML", (".kml",), "xml"),
    FileFormat("KMZ", (".kmz",), "zip"),
    FileFormat("zipped Shapefile", (".zip",), "zip"),
    FileFormat("GPX", (".gpx",), "xml"),
    FileFormat("GeoParquet", (".parquet", ".geoparquet", ".pq"), "parquet"),
    FileFormat("CSV", (".csv", ".txt"), "text"),
    FileFormat("TSV", (".tsv", ".tab"), "text"),
    FileFormat("XLSX", (".xlsx",), "zip"),
)
_BY_SUFFIX = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
_MAGIC = (
    (b"SQLite format 3\x00", "sqlite", "an SQLite database"),
    (b"PAR1", "parquet", "a Parquet file"),
    (b"PK\x03\x04", "zip", "a ZIP archive"),
    (b"PK\x05\x06", "zip", "a ZIP archive"),
    (b"%PDF", "other", "a PDF"),
    (b"\x1f\x8b", "other", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "other", "a 7-Zip archive"),
    (b"Rar!", "other", "a RAR archive"),
    (b"BZh", "other", "a bzip2 archive"),
    (b"\xfd7zXZ", "other", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "other", "an old Office file (such as .xls)"),
    (b"\x89PNG", "other", "a picture"),
    (b"\xff\xd8\xff", "other", "a picture"),
    (b"GIF8", "other", "a picture"),
    (b"II*\x00", "other", "a TIFF picture"),
    (b"MM\x00*", "other", "a TIFF picture"),
    (b"\x00\x00'\n", "other", "a bare .shp"),
    (b"\x7fELF", "other", "a program"),
    (b"MZ", "other", "a program"),
    (b"\x89HDF", "other", "an HDF5 file"),
    (b"CDF\x01", "other", "a NetCDF file"),
    (b"fgb\x03", "other", "a FlatGeobuf file"),
)
_WORDS = {
    "sqlite": "an SQLite database",
    "parquet": "a Parquet file",
    "zip": "a ZIP archive",
    "json": "JSON",
    "xml": "XML",
    "text": "text",
    "empty": "nothing",
}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PEEK = 4096
_FEW_CONTROLS = 4
TAKEN = ", ".join(kind.suffixes[0] for kind in KINDS)


def kind_of(name: str, body: bytes) -> FileFormat:
    """Return the format of a file whose name and content agree.

    Raises
    ------
    RefusedError
        When the name ends in nothing that is known, or the content is something else: no reader
        sees a file that is not what it says it is.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    content, words = content_of(body)
    if content == "empty":
        raise FileRejectedError("The file is empty.", "Export it again, or choose another file.")
    kind = _BY_SUFFIX.get(suffix)
    if kind is None:
        ending = printable(suffix, 20) or "nothing"
        why = f"The name ends in {ending!r}, which is no format that is read."
        raise FileRejectedError(why, _remedy(suffix, content))
    if kind.content == content:
        return kind
    why = f"The name says {kind.name}, but the content is {words} (it begins with {_head(body)})."
    fits = [one.suffixes[0] for one in KINDS if one.content == content]
    remedy = f"Export it as {kind.name}"
    remedy += f", or give it the name that fits ({', '.join(fits)})." if fits else " again."
    raise FileRejectedError(why, remedy)


def content_of(body: bytes) -> tuple[str, str]:
    """Return the kind of content ("json", "xml", "text", "zip" …, "other", "empty") and a word."""
    for magic, content, words in _MAGIC:
        if body.startswith(magic) and not (magic == b"MZ" and _texty(body)):
            return content, words
    head = _text_head(body)
    if not head.strip():
        whole = body.translate(None, b" \t\r\n\x00\xef\xbb\xbf\xff\xfe")
        if not whole:
            return "empty", _WORDS["empty"]
        head = _text_head(body.lstrip(b" \t\r\n"))
    start = head.lstrip()[:1]
    if start in ("{", "["):
        return "json", _WORDS["json"]
    if start == "<":
        page = head.lstrip()[:14].lower().startswith(("<html", "<!doctype html"))
        return ("other", "a web page (HTML)") if page else ("xml", _WORDS["xml"])
    if start == "\x1e":  # RFC 8142 puts one before each record
        return "json", _WORDS["json"]
    if _texty(body):
        return "text", _WORDS["text"]
    return "other", "something else"


def _text_head(body: bytes) -> str:
    """Return the beginning of a text in whatever UTF it is; other encodings as Latin letters."""
    head = body[:_PEEK]
    if head[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return head.decode("utf-32", "ignore")
    if head[:2] in _BOMS:
        return head.decode("utf-16", "ignore")
    if head[:3] == _BOMS[0]:
        head = head[3:]
    if head[1:2] == b"\x00" and head[:1] != b"\x00":
        return head.decode("utf-16-le", "ignore")
    if head[:1] == b"\x00" and head[1:2] not in (b"", b"\x00"):
        return head.decode("utf-16-be", "ignore")
    return head.decode("latin-1")


def _texty(body: bytes) -> bool:
    """Whether a file looks like text: few control characters in its beginning, or valid UTF-8."""
    head = _text_head(body)
    odd = sum(ch < " " and ch not in "\t\r\n\f\x1e" for ch in head)
    if odd <= max(_FEW_CONTROLS, len(head) // 50):
        return True
    try:
        body[:_PEEK].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < min(len(body), _PEEK) - 3:
            return False
    return "\x00" not in head


def _head(body: bytes) -> str:
    return repr(body[:8])[1:]


def _remedy(suffix: str, content: str) -> str:
    known = {
        ".xls": "Save it as .xlsx.",
        ".ods": "Save it as .xlsx or .csv.",
        ".shp": "Put the .shp, .shx, .dbf and .prj into one .zip and choose that.",
        ".shx": "Put the .shp, .shx, .dbf and .prj into one .zip and choose that.",
        ".dbf": "Put the .shp, .shx, .dbf and .prj into one .zip and choose that.",
        ".gz": "Unpack it first.",
        ".7z": "Unpack it first.",
        ".rar": "Unpack it first.",
        ".tar": "Unpack it first.",
    }
    return known.get(suffix, f"Give it the suffix of what it is: {TAKEN}.")
