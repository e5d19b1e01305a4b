"""`python -m geo export`: export a view or a briefing as pictures or a document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.common import (
    address_option,
    json_option,
    parse_view_link,
    require_empty_folder,
    require_writable,
    write_atomically,
    write_folder_atomically,
)
from geo.errors import ExportError

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.briefing import Briefing, Scene
    from geo.export.deck import Progress
    from geo.export.options import ExportOptions
    from geo.view import View

Result = dict[str, object]  # what is printed about a file
_ANIMATED = ("webp", "gif")


def _parse_size(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, int]:
    from geo.export.options import parse_size

    try:
        return parse_size(text)
    except ExportError as error:
        raise click.BadParameter(str(error)) from error


@click.command("export")
@click.option("--view", "link", help="A link as it is copied, or its part after the “?”.")
@click.option("--briefing", help="A built-in briefing's name, or a file.")
@click.option("--scene", help="One scene of the briefing, by its id: for webp and gif.")
@click.option("--page", default="", help="The page, where the view names none.")
@click.option(
    "--format",
    "fmt",
    required=True,
    type=click.Choice(("png", "svg", "pdf", "pptx", "html", "webp", "gif", "bundle")),
    help="webp, gif: an animated picture of the days that a view plays. bundle: the evidence of "
    "a view, its sources, kept copies and picture in one ZIP.",
)
@click.option(
    "--size",
    default="16:9",
    show_default=True,
    callback=_parse_size,
    help="16:9, 4:3, or pixels such as 1920x1080.",
)
@click.option(
    "--theme",
    default="light",
    show_default=True,
    type=click.Choice(("light", "dark", "print")),
    help="print: white paper and strong ink, readable without colour too.",
)
@address_option
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A PowerPoint file whose size, fonts and layouts a pptx takes over.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A file; for pictures of a briefing a folder, or a file that ends in .zip.",
)
@json_option
def export(
    link: str | None,
    briefing: str | None,
    scene: str | None,
    page: str,
    fmt: str,
    size: tuple[int, int],
    theme: str,
    address: str,
    template: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Write a view or a briefing as a picture, a document or an evidence bundle."""
    if (link is None) == (briefing is None):
        raise click.UsageError("Give either --view or --briefing.")
    if template and fmt != "pptx":
        raise click.UsageError("--template is for --format pptx only.")
    if page and briefing is not None:
        raise click.UsageError("--page goes with --view only; a briefing names its pages.")
    if scene and (briefing is None or fmt not in _ANIMATED):
        raise click.UsageError("--scene goes with --briefing and --format webp or gif only.")
    if fmt == "bundle" and briefing is not None:
        raise click.UsageError("--format bundle goes with --view only.")
    from geo.app_context import context
    from geo.export.options import ExportOptions
    from geo.export.slide_image import read_copy_of

    where = context()
    read_copy = read_copy_of(where.ledger)
    options = ExportOptions(fmt, size, theme, address, _read_template(template), read_copy)
    if briefing is None:
        view, known = parse_view_link(link or "", where, page=page)
        make = _export_bundle if fmt == "bundle" else _export_view
        make = _export_animation if fmt in _ANIMATED else make
        result = make(view, known, options, out)
    else:
        from geo.briefing import open_briefing

        opened = open_briefing(briefing, where.link_vocabulary(), where.evidence)
        result = (
            _export_scene(opened, scene, where, options, out)
            if scene
            else _export_briefing(opened, where, options, out)
        )
    _print_result(out, result, as_json)


def _print_result(out: Path, result: Result, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"out": str(out), **result}, ensure_ascii=False))
    else:
        slides = "1 slide" if result["slides"] == 1 else f"{result['slides']} slides"
        click.echo(f"{out}: {result.get('counted', slides)}", err=True)


def _read_template(template: Path | None) -> bytes | None:
    if template is None:
        return None
    from geo.export.pptx.template import TEMPLATE_LIMIT

    try:
        with template.open("rb") as file:
            return file.read(TEMPLATE_LIMIT + 1)
    except OSError as error:
        msg = f"The template {str(template)!r} cannot be read: {error.strerror}. Name another file."
        raise ExportError(msg) from error


def _export_view(view: View, where: Context, options: ExportOptions, out: Path) -> Result:
    from geo.export.export import export_view
    from geo.export.page_rows import collect_page_rows

    size = _write_file(out, partial(export_view, view, options, where.store, where.evidence))
    shown = collect_page_rows(view, where.store, where.evidence).selection
    return {"bytes": size, "slides": 1, "counted": shown.report_count, "ids": shown.ids}


def _export_animation(
    view: View, where: Context, options: ExportOptions, out: Path, *, scene: Scene | None = None
) -> Result:
    from geo.export.animated_files import write_animation
    from geo.export.page_rows import collect_page_rows
    from geo.export.played_days import list_played_windows, widen_to_played_days

    frames = len(list_played_windows(view, where.store))
    draw = partial(write_animation, view, options, where.store, where.evidence, scene=scene)
    size = _write_file(out, draw)
    still = widen_to_played_days(view, where.store)
    shown = collect_page_rows(still, where.store, where.evidence).selection
    counted = f"{'1 picture' if frames == 1 else f'{frames} pictures'}, {shown.report_count}"
    return {"bytes": size, "slides": 1, "frames": frames, "counted": counted, "ids": shown.ids}


def _export_scene(
    briefing: Briefing, scene: str, where: Context, options: ExportOptions, out: Path
) -> Result:
    if not briefing.has(scene):
        known = ", ".join(one.id for one in briefing.scenes)
        msg = f"The briefing {briefing.title!r} has no scene {scene!r}; choose one of {known}."
        raise ExportError(msg)
    found = briefing.scenes[briefing.find_position(scene)]
    return _export_animation(found.view, where, options, out, scene=found)


def _export_bundle(view: View, where: Context, options: ExportOptions, out: Path) -> Result:
    from geo.export.bundle import write_bundle
    from geo.export.bundle_check import check_bundle

    make = partial(write_bundle, view, where.store, where.evidence, ledger=where.ledger)
    size = _write_file(out, partial(make, address=options.address, theme=options.theme))
    report = check_bundle(out.read_bytes(), out.name)
    return {"bytes": size, "slides": 1, "counted": report.counted, "sha256": report.sha256}


def _export_briefing(
    briefing: Briefing, where: Context, options: ExportOptions, out: Path
) -> Result:
    from geo.export.animated_files import draw_animations
    from geo.export.deck import build_deck
    from geo.export.export import draw_slides, export_briefing

    folder = out.suffix.lower() != ".zip"
    if options.fmt in _ANIMATED and folder:
        draw = partial(draw_animations, briefing, options, where.store, where.evidence)
        require_empty_folder(out)
        with _progress_bar() as progress:
            size = write_folder_atomically(out, draw(progress=progress))
    elif options.fmt in ("png", "svg") and folder:
        require_empty_folder(out)
        deck = build_deck(briefing, where.store, where.evidence, address=options.address)
        deck = deck.add_images(options.read_copy)
        with _progress_bar() as progress:
            pictures = draw_slides(deck, options, where.store, progress=progress)
            size = write_folder_atomically(out, pictures)
    else:
        size = _write_file(
            out, partial(export_briefing, briefing, options, where.store, where.evidence)
        )
    return {"bytes": size, "slides": len(briefing.scenes)}


def _write_file(out: Path, draw: Callable[..., bytes]) -> int:
    """Draw a file with a progress bar, and write it; return the number of bytes."""
    require_writable(out)
    with _progress_bar() as progress:
        body = draw(progress=progress)
    write_atomically(out, body)
    return len(body)


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Yield a progress function that draws a bar on stderr, if that is a terminal."""
    from geo.export.deck import ignore_progress

    if not sys.stderr.isatty():
        yield ignore_progress
        return
    with click.progressbar(length=1, label="Drawing", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield progress
