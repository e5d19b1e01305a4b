"""Write the days that a view or the scenes of a briefing play as animated pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.animation import Animation, build_animation
from geo.export.deck import Progress, ignore_progress
from geo.export.page_slide import build_page_slide
from geo.export.played_days import list_played_windows
from geo.playback import Playback

if TYPE_CHECKING:
    from geo.briefing import Briefing, Scene
    from geo.evidence import Evidence
    from geo.export.options import ExportOptions
    from geo.store import LayerStore
    from geo.view import View

_STEPS = 1_000  # of progress for each scene of a briefing


def write_animation(
    view: View,
    options: ExportOptions,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene | None = None,
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a view, or that of a scene, as an animated picture, "webp" or "gif".

    Raises
    ------
    geo.errors.ExportError
        If it has no playback, or more windows than MOST_FRAMES.
    """
    from geo.export.image.animated import render_animation

    view = replace(view, play=options.play or view.play)
    made = build_animation(
        *(view, store, evidence), scene=scene, address=options.address, progress=progress
    )
    made = replace(made, slides=tuple(one.add_image(options.read_copy) for one in made.slides))
    return render_animation(
        *(made, store, options.fmt), size=options.size, theme=options.theme, progress=progress
    )


def draw_animations(
    briefing: Briefing,
    options: ExportOptions,
    store: LayerStore,
    evidence: Evidence,
    *,
    progress: Progress = ignore_progress,
) -> Iterator[tuple[str, bytes]]:
    """Yield each scene as a picture, animated if it has a playback, with a file name.

    Raises
    ------
    geo.errors.ExportError
        If no scene has a playback, or one has more windows than MOST_FRAMES.
    """
    if not any(scene.view.play for scene in briefing.scenes):
        msg = (
            f"No scene of the briefing {briefing.title!r} plays its days, so none can be animated; "
            "choose png, or set a playback for a scene on the page Briefing."
        )
        raise ExportError(msg)
    count, digits = len(briefing.scenes), max(2, len(str(len(briefing.scenes))))
    for scene in briefing.scenes:
        if scene.view.play:
            list_played_windows(scene.view, store)  # before any is drawn

    for number, scene in enumerate(briefing.scenes):

        def tell(done: int, of: int, before: int = number) -> None:
            progress(_STEPS * before + _STEPS * done // max(of, 1), _STEPS * count)

        write = write_animation if scene.view.play else _write_still
        body = write(scene.view, options, store, evidence, scene=scene, progress=tell)
        yield f"{number + 1:0{digits}}-{scene.id}.{options.fmt}", body
        tell(1, 1)


def _write_still(
    view: View,
    options: ExportOptions,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene,
    progress: Progress,
) -> bytes:
    """Return a scene without a playback as a picture of one frame."""
    from geo.export.image.animated import render_animation

    slide = build_page_slide(view, store, evidence, scene=scene, address=options.address)
    made = Animation((slide.add_image(options.read_copy),), Playback(), slide.alt)
    return render_animation(
        *(made, store, options.fmt), size=options.size, theme=options.theme, progress=progress
    )
