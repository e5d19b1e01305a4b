"""Settings: read from the environment and from one file, typed, each with its unit and default."""

from functools import lru_cache
from pathlib import Path

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
        description="Layer store: a folder or a file:// address whose layers are shown beside the "
        "shipped ones. Empty: only the shipped layers.",
    )
    vector_limit: int = Field(
        default=50_000,
        gt=0,
        description="Largest number of features of one layer that is sent to the browser as "
        "vectors; above it the map says so instead of stalling. Unit: features.",
    )
    painted_ids_limit: int = Field(
        default=1_000,
        ge=0,
        description="Largest number of ids that the map reports as painted. Unit: ids.",
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
