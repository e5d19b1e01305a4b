"""Settings: read from the environment and from one file, typed, each with its unit and default."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
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
    store_connections: int = Field(
        default=5,
        gt=0,
        description="Most connections of one process to a layer database. Unit: connections.",
    )
    store_connect_seconds: float = Field(
        default=3,
        gt=0,
        description="Longest that a connection to a layer database may take to come about; at "
        "least 2 are waited. Unit: seconds.",
    )
    store_answer_seconds: float = Field(
        default=30,
        gt=0,
        description="Longest that a layer database may take to answer. Unit: seconds.",
    )
    store_wait_seconds: float = Field(
        default=5,
        gt=0,
        description="Longest that is waited for a free connection to a layer database. Unit: "
        "seconds.",
    )
    vector_limit: int = Field(
        default=20_000,
        gt=0,
        description="Largest number of features of one layer that is sent to the browser as "
        "vectors; above it points and lines are drawn as density. Unit: features.",
    )
    download_rows: int = Field(
        default=200_000,
        gt=0,
        description="Most rows of a layer that are written into one file to take away. Unit: rows.",
    )
    upload_file_mb: int = Field(
        default=100,
        gt=0,
        description="Largest file that is taken from a person. Unit: MB (1,000,000 bytes). "
        "Streamlit's own server.maxUploadSize follows it.",
    )
    upload_held_mb: int = Field(
        default=1_000,
        gt=0,
        description="Most memory for all files that people brought and whose pages are still open; "
        "beyond it further files wait outside. Unit: MB.",
    )
    uploads_per_minute: int = Field(
        default=30,
        gt=0,
        description="How often one browser may have a file read, the same file with other "
        "choices included. Unit: readings a minute.",
    )
    upload_unpacked_mb: int = Field(
        default=500,
        gt=0,
        description="Largest size of what an archive or a Parquet file unpacks to. Unit: MB.",
    )
    upload_ratio: int = Field(
        default=200,
        gt=1,
        description="Largest ratio of unpacked to packed size of an archive that unpacks to more "
        "than 1 MB. Unit: times.",
    )
    upload_entries: int = Field(
        default=1_000, gt=0, description="Largest number of files in an archive. Unit: files."
    )
    upload_rows: int = Field(
        default=500_000, gt=0, description="Largest number of rows of a file. Unit: rows."
    )
    upload_vertices: int = Field(
        default=5_000_000,
        gt=0,
        description="Largest number of points of all geometries of a file. Unit: vertices.",
    )
    upload_columns: int = Field(
        default=500, gt=0, description="Largest number of columns of a file. Unit: columns."
    )
    upload_cpu_seconds: int = Field(
        default=9,
        gt=0,
        description="Longest that reading a file may compute, the start of its worker process "
        "included. Unit: seconds of processor time.",
    )
    upload_seconds: int = Field(
        default=20,
        gt=0,
        description="Longest that reading a file may take on the clock, the wait for a free "
        "worker not included. Unit: seconds.",
    )
    upload_memory_mb: int = Field(
        default=1_500,
        ge=300,
        description="Most memory that the worker process which reads a file may take. Unit: MB.",
    )
    upload_workers: int = Field(
        default=2,
        gt=0,
        description="Files that are read at the same time; further ones wait. Unit: processes.",
    )
    upload_reported: int = Field(
        default=200,
        ge=0,
        description="Faults of rows that are reported one by one; the number of all of them is "
        "told in any case. Unit: faults.",
    )
    own_folder: str = Field(
        default="",
        description="Folder for session layers, one subfolder a browser, readable for this "
        "user alone. Empty: one in the system's folder for temporary files.",
    )
    own_days: float = Field(
        default=7,
        gt=0,
        description="How long session layers are kept after the last one was added. Unit: days.",
    )
    own_layers: int = Field(
        default=50, gt=0, description="Most layers that one browser keeps. Unit: layers."
    )
    own_mb: int = Field(
        default=500,
        gt=0,
        description="No layer is added to a browser's own once they take so much. Unit: MB.",
    )
    own_all_mb: int = Field(
        default=20_000,
        gt=0,
        description="No layer is added to any browser's own once all take so much. Unit: MB.",
    )
    own_cache_mb: int = Field(
        default=256,
        gt=0,
        description="Most memory for rows of all session layers together that are kept "
        "ready; what does not fit is read from its file each time. Unit: MB.",
    )
    share_uploads: bool = Field(
        default=False,
        description="Whether anybody may put an uploaded layer into the shared store, for all to "
        "see. Needs a folder in STORE_URL: originals are kept beside the layers. Unit: 0 or 1.",
    )
    metrics_open: bool = Field(
        default=False,
        description="Whether /metrics answers without a sign-in where one is set up: for a site "
        "whose proxy keeps it from the outside, as that of deploy/ does. Unit: 0 or 1.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How the log is written: text, or json for one object a line with a line for "
        "each request, and without what may name a person or a file. Unit: text or json.",
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process's settings.

    Raises
    ------
    SettingsError
        If a value cannot be used; the message names every setting that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{fault['loc'][0]!s}={fault['input']!r}: {fault['msg']}" for fault in error.errors()
        )
        msg = f"Settings that cannot be used: {faults}. Correct the environment or the .env file."
        raise SettingsError(msg) from error
