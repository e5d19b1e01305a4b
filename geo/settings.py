"""Settings: read from the environment and from one file, typed, each with its unit and default."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"


class Settings(BaseSettings):
    """What an operator may set.

    Each field is read from the environment variable of the same name in capitals, or from a
    file `.env` in the project's folder.
    """

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", frozen=True)

    store_url: str = Field(
        default="",
        description="Layer store: a folder, a file:// address, or postgresql://user@host/database, "
        "whose layers are shown beside the built-in ones. Empty: only the built-in layers.",
    )
    store_connections: PositiveInt = Field(
        default=5, description="Most connections of one process to a database. Unit: connections."
    )
    store_connect_seconds: PositiveFloat = Field(
        default=3, description="Longest time to connect to a database; at least 2. Unit: seconds."
    )
    store_answer_seconds: PositiveFloat = Field(
        default=30, description="Longest time for a database to answer. Unit: seconds."
    )
    store_wait_seconds: PositiveFloat = Field(
        default=5, description="Longest wait for a free database connection. Unit: seconds."
    )
    vector_limit: PositiveInt = Field(
        default=20_000, description="A layer with more is drawn as density. Unit: features."
    )
    download_rows: PositiveInt = Field(
        default=200_000, description="Most rows of a layer in one downloaded file. Unit: rows."
    )
    upload_file_mb: PositiveInt = Field(
        default=100, description="Largest upload. Unit: MB (1,000,000 bytes)."
    )
    upload_held_mb: PositiveInt = Field(
        default=1_000, description="Most memory for uploads of all open pages together. Unit: MB."
    )
    uploads_per_minute: PositiveInt = Field(
        default=30, description="How often a browser may have a file read. Unit: readings a minute."
    )
    upload_unpacked_mb: PositiveInt = Field(
        default=500, description="Largest unpacked size of an archive or a Parquet file. Unit: MB."
    )
    upload_ratio: int = Field(
        default=200, gt=1, description="Most compression of an archive above 1 MB. Unit: times."
    )
    upload_entries: PositiveInt = Field(
        default=1_000, description="Most files in an archive. Unit: files."
    )
    upload_rows: PositiveInt = Field(
        default=500_000, description="Most rows of a file. Unit: rows."
    )
    upload_vertices: PositiveInt = Field(
        default=5_000_000, description="Most vertices of all geometries of a file. Unit: vertices."
    )
    upload_columns: PositiveInt = Field(
        default=500, description="Most columns of a file. Unit: columns."
    )
    upload_cpu_seconds: PositiveInt = Field(
        default=9, description="Longest computation for one file. Unit: seconds of processor time."
    )
    upload_seconds: PositiveInt = Field(
        default=20, description="Longest reading of one file on the clock. Unit: seconds."
    )
    upload_memory_mb: int = Field(
        default=1_500, ge=300, description="Most memory of the process that reads a file. Unit: MB."
    )
    upload_workers: PositiveInt = Field(
        default=2, description="Files read at the same time; further ones wait. Unit: processes."
    )
    upload_reported: int = Field(
        default=200, ge=0, description="Rejected rows that are listed one by one. Unit: faults."
    )
    own_folder: str = Field(
        default="", description="Folder for session layers. Empty: a temporary folder."
    )
    own_days: PositiveFloat = Field(
        default=7, description="How long session layers are kept after the last one. Unit: days."
    )
    own_layers: PositiveInt = Field(
        default=50, description="Most session layers of one browser. Unit: layers."
    )
    own_mb: PositiveInt = Field(
        default=500, description="Most disk space for one browser's session layers. Unit: MB."
    )
    own_all_mb: PositiveInt = Field(
        default=20_000, description="Most disk space for all session layers. Unit: MB."
    )
    own_cache_mb: PositiveInt = Field(
        default=256, description="Most memory for rows of all session layers together. Unit: MB."
    )
    share_uploads: bool = Field(
        default=False, description="Whether anybody may add uploads to STORE_URL. Unit: 0 or 1."
    )
    metrics_open: bool = Field(
        default=False, description="Whether /metrics answers without a sign-in. Unit: 0 or 1."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="json: one object a line, no personal data. Unit: text or json."
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process's settings; SettingsError names every value that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{fault['loc'][0]!s}={fault['input']!r}: {fault['msg']}" for fault in error.errors()
        )
        msg = f"Settings that cannot be used: {faults}. Correct the environment or the .env file."
        raise SettingsError(msg) from error
