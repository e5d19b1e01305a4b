"""Settings: read from the environment and from one file, typed, each with its unit and default."""

from collections.abc import Callable
from functools import lru_cache, wraps
from os import environ
from pathlib import Path
from typing import Annotated, Literal, ParamSpec, TypeVar

from pydantic import AfterValidator, Field, PositiveFloat, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import SettingsError
from geo.tile_sources import check_tile_sources

P = ParamSpec("P")
R = TypeVar("R")
ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"


class Settings(BaseSettings):
    """What an operator may set.

    Each field is read from the environment variable of the same name in capitals, or from a
    file `.env` in the project's folder.
    """

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", frozen=True)

    case: str = ""
    """Folder of the case that is shown: evidence, pages, scenes, base map. Empty: the one that
    comes with the app, assets/case."""
    public_address: str = ""
    """Address of the dashboard, such as https://example.org/ops/map: links that the command line
    writes begin with it. Empty: they say what to put before them."""
    store_url: str = ""
    """Layer store: a folder, a file:// address, or postgresql://user@host/database, whose layers
    are shown beside the built-in ones. Empty: only the built-in layers."""
    store_connections: PositiveInt = 5
    """Most connections of one process to a database. Unit: connections."""
    store_connect_seconds: PositiveFloat = 3
    """Longest time to connect to a database; at least 2. Unit: seconds."""
    store_answer_seconds: PositiveFloat = 30
    """Longest time for a database to answer. Unit: seconds."""
    store_wait_seconds: PositiveFloat = 5
    """Longest wait for a free database connection. Unit: seconds."""
    vector_limit: PositiveInt = 20_000
    """A layer with more is drawn as density. Unit: features."""
    download_rows: PositiveInt = 200_000
    """Most rows of a layer in one downloaded file. Unit: rows."""
    upload_file_mb: PositiveInt = 100
    """Largest upload. Unit: MB (1,000,000 bytes)."""
    upload_held_mb: PositiveInt = 1_000
    """Most memory for uploads of all open pages together. Unit: MB."""
    uploads_per_minute: PositiveInt = 30
    """How often a browser may have a file read. Unit: readings a minute."""
    upload_unpacked_mb: PositiveInt = 500
    """Largest unpacked size of an archive or a Parquet file. Unit: MB."""
    upload_ratio: int = Field(default=200, gt=1)
    """Most compression of an archive above 1 MB. Unit: times."""
    upload_entries: PositiveInt = 1_000
    """Most files in an archive. Unit: files."""
    upload_rows: PositiveInt = 500_000
    """Most rows of a file. Unit: rows."""
    upload_vertices: PositiveInt = 5_000_000
    """Most vertices of all geometries of a file. Unit: vertices."""
    upload_columns: PositiveInt = 500
    """Most columns of a file. Unit: columns."""
    upload_cpu_seconds: PositiveInt = 9
    """Longest computation for one file. Unit: seconds of processor time."""
    upload_seconds: PositiveInt = 20
    """Longest reading of one file on the clock. Unit: seconds."""
    upload_memory_mb: int = Field(default=1_500, ge=300)
    """Most memory of the process that reads a file. Unit: MB."""
    upload_workers: PositiveInt = 2
    """Files read at the same time; further ones wait. Unit: processes."""
    upload_reported: int = Field(default=200, ge=0)
    """Rejected rows that are listed one by one. Unit: faults."""
    kept_file_mb: PositiveInt = 20
    """Largest kept copy of a source, or image beside a report. Unit: MB."""
    own_folder: str = ""
    """Folder for session layers. Empty: a temporary folder."""
    own_days: PositiveFloat = 7
    """How long session layers are kept after the last one. Unit: days."""
    own_layers: PositiveInt = 50
    """Most session layers of one browser. Unit: layers."""
    own_mb: PositiveInt = 500
    """Most disk space for one browser's session layers. Unit: MB."""
    own_all_mb: PositiveInt = 20_000
    """Most disk space for all session layers. Unit: MB."""
    own_cache_mb: PositiveInt = 256
    """Most memory for rows of all session layers together. Unit: MB."""
    share_uploads: bool = False
    """Whether anybody may add uploads to STORE_URL. Unit: 0 or 1."""
    ledger_url: str = ""
    """Shared ledger of changes to the evidence: a folder, a file:// address, or
    postgresql://user@host/database. Empty: each browser keeps drafts of its own only."""
    review_by_two: bool = False
    """Whether a change is published by another person than its author. Unit: 0 or 1."""
    edit_without_sign_in: bool = False
    """Whether people may change a shared ledger under a name that they type, where no sign-in is
    set up. Unit: 0 or 1."""
    ledger_authors: str = "*"
    """Who may add and change reports in a shared ledger: names or e-mail addresses, separated by
    commas. *: everybody who is signed in."""
    ledger_reviewers: str = "*"
    """Who may review, publish and withdraw in a shared ledger; as LEDGER_AUTHORS."""
    tile_sources: Annotated[str, AfterValidator(check_tile_sources)] = ""
    """Servers of online map tiles that are offered beside the built-in ones: a JSON list of objects
    with name, title, url (with {z}, {x} and {y}), attribution and max_zoom. Empty: none."""
    metrics_open: bool = False
    """Whether /metrics answers without a sign-in. Unit: 0 or 1."""
    log_format: Literal["text", "json"] = "text"
    """json: one object a line, no personal data. Unit: text or json."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process's settings; SettingsError names every value that cannot be used."""
    return _read_settings()


def _read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{fault['loc'][0]!s}={fault['input']!r}: {fault['msg']}" for fault in error.errors()
        )
        msg = f"Settings that cannot be used: {faults}. Correct the environment or the .env file."
        raise SettingsError(msg) from error


def case_folder() -> Path:
    """Return the folder of the case that this process shows."""
    # the environment comes first, as in Settings: a worker of the sandbox reads no file for it
    chosen = environ.get("CASE")
    return _resolve_case(_read_case_of_file() if chosen is None else chosen)


@lru_cache(maxsize=1)
def _read_case_of_file() -> str:
    """Return the case that the file `.env` names, where the environment names none."""
    return _read_settings().case


@lru_cache(maxsize=8)
def _resolve_case(chosen: str) -> Path:
    return Path(chosen).expanduser().resolve() if chosen else ASSETS / "case"


def cache_per_case(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returns for its arguments and the case that the process shows."""
    kept: Callable[..., R] = lru_cache(maxsize=64)(
        lambda _case, *args, **values: function(*args, **values)
    )

    @wraps(function)
    def answer(*args: P.args, **values: P.kwargs) -> R:
        return kept(case_folder(), *args, **values)

    return answer
