"""Animated pictures: a frame for each window, each the very picture of its days."""

import datetime as dt
import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from geo.app_context import context
from geo.briefing import Briefing, Scene, Statement
from geo.cli.common import select_rows
from geo.errors import CancelledError, ExportError
from geo.export.animated_files import draw_animations, write_animation
from geo.export.animation import build_animation
from geo.export.image.render import render_picture
from geo.export.image.slide_layout import measure_fixed_parts
from geo.export.options import ExportOptions
from geo.export.played_days import (
    list_played_windows,
    widen_to_played_days,
)
from geo.playback import Playback
from geo.view import View, from_query

SIZE = (640, 360)
DEC = [dt.date(2024, 12, day) for day in range(1, 32)]
SHORT = View(
    page="tartus", sources="all", date_from=DEC[8], date_to=DEC[13], play=Playback(2, 0.3, True)
)
ODD = {
    "no report": "sources=all&system=nothing-of-the-kind&from=2024-12-09&to=2024-12-12&play=2d",
    "one day": "from=2024-12-12&to=2024-12-12&play=1d",
    "undated only": "sources=all&q=no+such+words&undated=1&from=2024-12-10&to=2024-12-12&play=2d",
    "days of reporting": "sources=all&axis=reported&from=2024-12-12&to=2024-12-15&play=2d",
    "reports as they stood": "as_of=2024-12-20&from=2024-12-11&to=2024-12-13&play=2d",
    "a layer": "layer=places&from=2024-12-11&to=2024-12-13&play=2d",
}


@pytest.fixture(scope="module")
def where():
    return context()


def frames_of(body):
    """Return each frame, its duration in milliseconds, and the number of repeats (0: for ever)."""
    picture = Image.open(io.BytesIO(body))
    frames, durations = [], []
    for number in range(picture.n_frames):
        picture.seek(number)
        frames.append(np.asarray(picture.convert("RGB")))
        durations.append(picture.info["duration"])
    return frames, durations, picture.info.get("loop")


def draw_stills(view, where):
    made = build_animation(view, where.store, where.evidence)
    fixed = measure_fixed_parts(made.slides, SIZE, "light")
    for slide in made.slides:
        body = render_picture(slide, where.store, "png", size=SIZE, fixed=fixed)
        yield np.asarray(Image.open(io.BytesIO(body)).convert("RGB"))


def animate(view, where, fmt, **options):
    options = ExportOptions(fmt, SIZE, **options)
    return write_animation(view, options, where.store, where.evidence)


def test_webp_has_the_very_pixels_of_each_window(where):
    body = animate(SHORT, where, "webp")
    frames, durations, loop = frames_of(body)
    assert [frame.shape for frame in frames] == [(*SIZE[::-1], 3)] * 3
    assert durations == [300, 300, 2300]
    assert loop == 0  # for ever
    for frame, still in zip(frames, draw_stills(SHORT, where), strict=True):
        assert (frame == still).all()
    assert animate(SHORT, where, "webp") == body
    assert b"Animated map, 3 pictures in steps of 2 days" in body


def test_gif_keeps_flat_colours_and_only_few_pixels_differ_much(where):
    body = animate(SHORT, where, "gif")
    frames, durations, loop = frames_of(body)
    assert (len(frames), durations, loop) == (3, [300, 300, 2300], 0)
    assert Image.open(io.BytesIO(body)).size == SIZE
    assert Image.open(io.BytesIO(body)).info["comment"].startswith(b"Animated map, 3 pictures")
    for frame, still in zip(frames, draw_stills(SHORT, where), strict=True):
        apart = np.abs(frame.astype(int) - still).max(axis=2)
        assert (apart <= 3).mean() > 0.9
        assert (apart > 24).mean() < 0.01
    assert len(np.unique(np.concatenate(frames).reshape(-1, 3), axis=0)) <= 255
    assert animate(SHORT, where, "gif") == body


def test_playback_that_is_not_repeated_is_shown_once(where):
    once = replace(SHORT, play=Playback(3))
    assert frames_of(animate(once, where, "webp"))[2] == 1
    assert frames_of(animate(once, where, "gif"))[2] is None


def test_playback_of_the_options_counts_before_that_of_the_view(where):
    frames, durations, _ = frames_of(animate(SHORT, where, "webp", play=Playback(5, 0.7)))
    assert (len(frames), durations) == (2, [700, 2700])


def test_each_frame_has_the_reports_of_its_days_and_what_is_fixed_stays(where):
    made = build_animation(SHORT, where.store, where.evidence)
    windows = list_played_windows(SHORT, where.store)
    assert windows == [(DEC[8], DEC[9]), (DEC[10], DEC[11]), (DEC[12], DEC[13])]
    for slide, (start, end) in zip(made.slides, windows, strict=True):
        printed = select_rows(replace(SHORT, date_from=start, date_to=end), where)
        assert slide.selection.ids == printed.ids  # as `python -m geo select` has them
        assert (slide.view.date_from, slide.view.date_to) == (start, end)
        assert f"{slide.selection.shown} of" in slide.counted
        assert [one["key"] for one in slide.legend] == [one["key"] for one in made.slides[0].legend]
    shares = [slide.played.share for slide in made.slides]
    assert shares[0][0] == 0
    assert shares[-1][1] == 1
    assert all(one[1] == other[0] for one, other in pairwise(shares))


def test_map_and_header_do_not_move_from_frame_to_frame(where):
    first, *others = (still[:, :12] for still in draw_stills(SHORT, where))
    assert len(np.unique(first.reshape(-1, 3), axis=0)) > 2  # paper, the map's edge, its sea
    assert all((one == first).all() for one in others)


@pytest.mark.parametrize("odd", ODD)
def test_odd_views_are_animated(where, odd):
    view, _ = from_query(ODD[odd], page="overview")
    frames, durations, _ = frames_of(animate(view, where, "webp"))
    assert len(frames) == len(durations) == len(list_played_windows(view, where.store)) >= 1


@pytest.mark.parametrize("page", ["compare", "conflicts"])
def test_pages_of_several_maps_and_of_none_are_animated(where, page):
    view = replace(SHORT, page=page, play=Playback(3), compare=DEC[7], compare_to=DEC[7])
    assert len(frames_of(animate(view, where, "gif"))[0]) == 2


def test_view_without_a_playback_says_how_to_get_one(where):
    with pytest.raises(ExportError, match="play=1d"):
        animate(replace(SHORT, play=None), where, "webp")


def test_too_many_pictures_name_the_step_that_would_do(where, monkeypatch):
    monkeypatch.setattr("geo.export.played_days.MOST_FRAMES", 3)
    with pytest.raises(ExportError, match=r"6 pictures; .* at most 3.*play=2d"):
        animate(replace(SHORT, play=Playback()), where, "webp")
    assert len(list_played_windows(SHORT, where.store)) == 3


def test_animation_stops_when_asked(where):
    def stop(done, of):
        if done > of // 2:
            raise CancelledError("stopped")

    options = ExportOptions("webp", SIZE)
    with pytest.raises(CancelledError):
        write_animation(SHORT, options, where.store, where.evidence, progress=stop)


def test_still_of_a_playback_shows_all_days_that_are_played(where):
    assert widen_to_played_days(SHORT, where.store) == SHORT
    from_one_day = replace(SHORT, date_from=DEC[8], date_to=DEC[8])
    widened = widen_to_played_days(from_one_day, where.store)
    assert widened.date_from == DEC[8]
    assert widened.date_to > DEC[30]
    open_view = View(play=Playback())
    assert widen_to_played_days(open_view, where.store) == open_view


def test_scenes_of_a_briefing_are_animated_or_still(where):
    said = Statement("Ships leave.", ("nyt-01",))
    scenes = (Scene("moves", SHORT, said), Scene("still", View(page="tartus"), said))
    briefing = Briefing("mine", "Mine", scenes=scenes)
    options = ExportOptions("webp", SIZE)
    told = []
    files = list(
        draw_animations(
            briefing,
            options,
            where.store,
            where.evidence,
            progress=lambda done, of: told.append((done, of)),
        )
    )
    assert [name for name, _ in files] == ["01-moves.webp", "02-still.webp"]
    assert [Image.open(io.BytesIO(body)).n_frames for _, body in files] == [3, 1]
    assert told == sorted(told)
    assert told[-1] == (2000, 2000)
    quiet = replace(briefing, scenes=scenes[1:])
    with pytest.raises(ExportError, match="No scene"):
        list(draw_animations(quiet, options, where.store, where.evidence))
