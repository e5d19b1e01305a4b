"""`python -m geo source …`: keep copies of sources and images beside reports, list sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.claims_desk import by_option, open_desk, print_json, report_event, why_option
from geo.cli.common import json_option
from geo.errors import MediaError

if TYPE_CHECKING:
    from geo.evidence import Source
    from geo.ledger.models import Event
    from geo.media import KeptFile


@click.group("source")
def source() -> None:
    """Sources: where each can be read again, and kept copies."""


@source.command("keep")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", "source_id", help="The id of the source that the file is a copy of.")
@click.option("--archive-url", help="Of --source: where it is archived.")
@click.option("--accessed-on", help="Of --source: the day on which it was read, YYYY-MM-DD.")
@click.option("--claim", help="The id of the report that the image is shown beside.")
@click.option("--credit", default="", help="Of --claim: who made the image.")
@click.option("--alt", default="", help="Of --claim: what the image shows.")
@click.option("--licence", help="Of --claim: its licence, or the permission for it.")
@click.option("--may-publish", is_flag=True, help="Of --claim: slides and files may show it.")
@click.option("--submit", is_flag=True, help="Ask for a review at once.")
@by_option
@why_option
@json_option
def keep(
    file: Path,
    source_id: str | None,
    archive_url: str | None,
    accessed_on: str | None,
    claim: str | None,
    credit: str,
    alt: str,
    licence: str | None,
    may_publish: bool,
    submit: bool,
    by: str,
    why: str,
    as_json: bool,
) -> None:
    """Keep a copy of a source (PDF, HTML, image), or an image beside a report.

    The file is stored in the ledger by its SHA-256; the record that names it is a draft of yours.
    """
    if (source_id is None) == (claim is None):
        raise click.UsageError("Give either --source or --claim.")
    if claim is None and (credit or alt or licence or may_publish):
        raise click.UsageError("--credit, --alt, --licence and --may-publish go with --claim.")
    if source_id is None and (archive_url or accessed_on):
        raise click.UsageError("--archive-url and --accessed-on go with --source.")
    if claim is not None and not (credit.strip() and alt.strip()):
        raise click.UsageError("An image needs --credit (who made it) and --alt (what it shows).")
    from geo.ledger.kept import keep_claim_image, keep_source_copy

    kept, desk = _read_file(file, image=claim is not None), open_desk(by)
    if source_id is not None:
        given = {"archive_url": archive_url, "accessed_on": accessed_on}
        changes = {name: value for name, value in given.items() if value}
        event = keep_source_copy(desk, source_id, kept, changes=changes, why=why, submit=submit)
    else:
        event = keep_claim_image(
            desk,
            str(claim),
            kept,
            credit=credit,
            alt=alt,
            licence=licence,
            may_publish=may_publish,
            why=why,
            submit=submit,
        )
    _report(event, kept, as_json)


def _read_file(file: Path, *, image: bool) -> KeptFile:
    from geo.media import check_kept_file
    from geo.settings import settings

    try:
        with file.open("rb") as opened:
            data = opened.read(settings().kept_file_mb * 1_000_000 + 1)
    except OSError as error:
        msg = f"{file.name!r} cannot be read: {error.strerror}. Choose another file."
        raise MediaError(msg) from error
    return check_kept_file(data, file.name, image=image)


def _report(event: Event, kept: KeptFile, as_json: bool) -> None:
    from geo.media import describe_kept_file

    report_event(event, as_json, sha256=kept.sha256, media_type=kept.media_type)
    if not as_json:
        about = describe_kept_file(kept.media_type, len(kept.data))
        click.echo(f"{kept.sha256}  {about}")


@source.command("list")
@by_option
@json_option
def list_sources(by: str, as_json: bool) -> None:
    """Print each source: its id, publisher, and where it can be read again."""
    from geo.evidence import builtin_evidence
    from geo.settings import settings

    shared = bool(settings().ledger_url)
    evidence = open_desk(by).evidence() if shared else builtin_evidence()
    if as_json:
        print_json([one.model_dump(mode="json") for one in evidence.sources])
        return
    for one in evidence.sources:
        click.echo(_describe(one))


def _describe(one: Source) -> str:
    from geo.evidence.provenance import list_provenance

    parts = [f"{label}: {value}" for label, value in list_provenance(one).items()]
    return "\n".join((f"{one.id}  {one.named}", *(f"  {part}" for part in parts)))
