"""The image beside the chosen report, as slides and files show it: only under a named licence."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from geo.errors import GeoError
from geo.export.data.cell_types import clean_text
from geo.media import EmbeddedImage, embed_image

if TYPE_CHECKING:
    from geo.evidence import Evidence
    from geo.ledger.api import Ledger

log = logging.getLogger(__name__)
CopyReader = Callable[[str], tuple[bytes, str] | None]
"""Returns a kept file and its media type by its SHA-256: `Ledger.read_copy`."""


@dataclass(frozen=True)
class SlideImage:
    """An image, without metadata, with the line under it and its alternative text.

    `sha256` is that of the kept file.
    """

    sha256: str
    image: EmbeddedImage
    credit: str
    alt: str

    @property
    def ratio(self) -> float:
        """Height for a width of 1."""
        return self.image.height / self.image.width

    @property
    def described(self) -> str:
        """The credit, and what the image shows."""
        return f"{self.credit}: {self.alt}"

    def find_path(self, as_of: str | None) -> str:
        """Return the path of the kept file below the application's root, for a view's `as_of`."""
        return f"copies/{self.sha256}" + (f"?{urlencode({'as_of': as_of})}" if as_of else "")

    @property
    def address(self) -> str:
        """The image as a data: address."""
        data = base64.b64encode(self.image.data).decode()
        return f"data:{self.image.media_type};base64,{data}"


def read_copy_of(ledger: Ledger | None) -> CopyReader | None:
    """Return what reads the kept files of a ledger; None without one."""
    return ledger.read_copy if ledger is not None else None


def find_slide_image(
    claim: str | None, evidence: Evidence, read_copy: CopyReader | None
) -> SlideImage | None:
    """Return the image of a claim; None without one, or if it may not be published.

    An image that is not kept, or cannot be read, is left out and logged.
    """
    record = next((one for one in evidence.claims if one.id == claim), None)
    image = record.image if record else None
    if read_copy is None or image is None or not image.may_publish or not image.licence:
        return None
    try:
        kept = read_copy(image.sha256)
        made = embed_image(kept[0]) if kept else None
    except GeoError as error:
        log.warning("image of %s: %s", claim, error)
        return None
    if made is None:
        log.warning("image of %s: %s is not kept", claim, image.sha256)
        return None
    credit = " ".join(clean_text(f"Image: {image.credit} ({image.licence})").split())
    return SlideImage(image.sha256, made, credit, " ".join(clean_text(image.alt).split()))
