"""File formats and their extensions; detect a file's format by its name and its content."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable


@dataclass(frozen=True)
class FileFormat:
    """A supported format: its name, file extensions, and the content that the file must have."""

    name: str
    extensions: tuple[str, ...]
    content: str


FORMATS = (
    FileFormat(
        "GeoJSON",
        (
            *(".geojson", ".json", ".geojsonl", ".ndjson", ".jsonl", ".geojsons"),
            *(".geojsonseq", ".topojson", ".umap"),
        ),
        "json",
    ),
    FileFormat("GeoPackage", (".gpkg",), "sqlite"),
    FileFormat("KML", (".kml",), "xml"),
    FileFormat("KMZ", (".kmz",), "zip"),
    FileFormat("zipped Shapefile", (".zip",), "zip"),
    FileFormat("GPX", (".gpx",), "xml"),
    FileFormat("GeoParquet", (".parquet", ".geoparquet", ".pq"), "parquet"),
    FileFormat("CSV", (".csv", ".txt", ".wkt"), "text"),
    FileFormat("TSV", (".tsv", ".tab"), "text"),
    FileFormat("XLSX", (".xlsx",), "zip"),
)
EXTENSIONS = tuple(extension for one in FORMATS for extension in one.extensions)
"""Of the reader, and of the upload on the page Layers."""
_BY_EXTENSION = {extension: one for one in FORMATS for extension in one.extensions}
_MAGIC = (
    ((b"SQLite format 3\x00",), "sqlite", "an SQLite database"),
    ((b"PAR1",), "parquet", "a Parquet file"),
    ((b"PK\x03\x04", b"PK\x05\x06"), "zip", "a ZIP archive"),
    ((b"%PDF",), "other", "a PDF"),
    ((b"\x1f\x8b",), "other", "a gzip archive"),
    ((b"7z\xbc\xaf\x27\x1c",), "other", "a 7-Zip archive"),
    ((b"Rar!",), "other", "a RAR archive"),
    ((b"BZh",), "other", "a bzip2 archive"),
    ((b"\xfd7zXZ",), "other", "an xz archive"),
    ((b"\xd0\xcf\x11\xe0",), "other", "an old Office file (such as .xls), or one with a password"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "other", "a picture"),
    ((b"II*\x00", b"MM\x00*"), "other", "a TIFF picture"),
    ((b"\x00\x00'\n",), "other", "a bare .shp"),
    ((b"\x7fELF", b"MZ"), "other", "a program"),
    ((b"\x89HDF",), "other", "an HDF5 file"),
    ((b"CDF\x01",), "other", "a NetCDF file"),
    ((b"fgb\x03",), "other", "a FlatGeobuf file"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PEEK = 4096
_FEW_CONTROLS = 4
_ZIP_IT = "Put the .shp, .shx, .dbf and .prj into one .zip and choose that."
_IN_A_GIS = "Open it in a GIS such as QGIS, and export it as .gpkg or .geojson."
_REMEDIES = {
    ".xls": "Save it as .xlsx.",
    ".xlsm": "Save it as .xlsx, without macros.",
    ".xlsb": "Save it as .xlsx.",
    ".ods": "Save it as .xlsx or .csv.",
    **dict.fromkeys((".shp", ".shx", ".dbf"), _ZIP_IT),
    **dict.fromkeys((".gml", ".fgb", ".osm", ".tcx", ".dxf", ".mif", ".gdb"), _IN_A_GIS),
    **dict.fromkeys((".gz", ".7z", ".rar", ".tar"), "Unpack it first."),
}


def detect_format(name: str, body: bytes) -> FileFormat:
    """Return the format of a file whose name and content agree, so that no reader gets another one.

    Raises FileRejectedError if they do not, or the extension is unknown.
    """
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    content, words = detect_content(body)
    if content == "empty":
        raise FileRejectedError("The file is empty.", "Export it again, or choose another file.")
    format = _BY_EXTENSION.get(extension)
    if format is None:
        why = f"The name ends in {printable(extension, 20) or 'nothing'!r}, which is not supported."
        main = ", ".join(one.extensions[0] for one in FORMATS)
        remedy = _REMEDIES.get(extension, f"Give it the extension of its format: {main}.")
        raise FileRejectedError(why, remedy)
    if format.content == content:
        return format
    start = repr(body[:8])[1:]
    why = f"The name says {format.name}, but the content is {words} (it begins with {start})."
    fitting = ", ".join(one.extensions[0] for one in FORMATS if one.content == content)
    remedy = f"Export it as {format.name}"
    remedy += f", or give it the name that fits ({fitting})." if fitting else " again."
    raise FileRejectedError(why, remedy)


def detect_content(body: bytes) -> tuple[str, str]:
    """Return the content type ("json", "xml", "zip" …, "other", "empty") and its description."""
    for magics, content, words in _MAGIC:
        if body.startswith(magics) and not (body.startswith(b"MZ") and _is_text(body)):
            return content, words
    head = _decode_head(body).lstrip()
    if not head:
        if not body.translate(None, b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
            return "empty", "nothing"
        head = _decode_head(body.lstrip(b" \t\r\n")).lstrip()
    if head.startswith(("{", "[", "\x1e")):  # RFC 8142 puts the last before each record
        return "json", "JSON"
    if head.startswith("<"):
        page = head[:14].lower().startswith(("<html", "<!doctype html"))
        return ("other", "a web page (HTML)") if page else ("xml", "XML")
    return ("text", "text") if _is_text(body) else ("other", "something else")


def _decode_head(body: bytes) -> str:
    """Decode the beginning of a file from any UTF; other encodings as Latin-1."""
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


def _is_text(body: bytes) -> bool:
    """Return whether a file starts like text: few control characters, or valid UTF-8."""
    head = _decode_head(body)
    odd = sum(ch < " " and ch not in "\t\r\n\f\x1e" for ch in head)
    if odd <= max(_FEW_CONTROLS, len(head) // 50):
        return True
    try:
        body[:_PEEK].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < min(len(body), _PEEK) - 3:
            return False
    return "\x00" not in head
