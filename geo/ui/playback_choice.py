"""The choice of a playback: the days of a step, the seconds that each is shown, and the repeat."""

from collections.abc import Callable

import streamlit as st

from geo.playback import Playback

_STEPS = {0: "Not played", 1: "Day by day", 3: "Three days at a time", 7: "A week at a time"}
_SECONDS = (0.25, 0.5, 1.0, 2.0, 4.0)


def draw_playback_choice(
    key: str,
    value: Playback | None,
    *,
    optional: bool = False,
    on_change: Callable[[], None] | None = None,
) -> None:
    """Draw three fields that hold a playback; `read_playback` returns what they hold.

    With `optional` one of the choices is not to play; else None stands for day by day. A step or
    speed of the value that is none of the usual ones is among the choices too.
    """
    shown = value or Playback()
    steps = sorted({*_STEPS, shown.days} - (set() if optional else {0}))
    seconds = sorted({*_SECONDS, shown.seconds})
    chosen = 0 if optional and value is None else shown.days
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Play the days",
            steps,
            steps.index(chosen),
            key=f"play_days_{key}",
            width=230,
            format_func=lambda days: _STEPS.get(days, f"{days} days at a time"),
            on_change=on_change,
        )
        st.selectbox(
            "Seconds a step",
            seconds,
            seconds.index(shown.seconds),
            key=f"play_seconds_{key}",
            width=140,
            format_func=lambda one: f"{one:g}",
            disabled=st.session_state.get(f"play_days_{key}", chosen) == 0,
            on_change=on_change,
        )
        st.checkbox(
            "Loop",
            shown.loop,
            key=f"play_loop_{key}",
            disabled=st.session_state.get(f"play_days_{key}", chosen) == 0,
            on_change=on_change,
        )


def read_playback(key: str) -> Playback | None:
    """Return the playback that the fields hold; None for days that are not played."""
    held = st.session_state
    days = held[f"play_days_{key}"]
    if not days:
        return None
    return Playback(days, held[f"play_seconds_{key}"], held[f"play_loop_{key}"])
