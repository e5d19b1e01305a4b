"""A briefing, claims and conflicts whose every text contains an injection attempt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from geo.app_context import context
from geo.briefing import Briefing, Scene, Statement
from geo.builtin_layers import write_layers
from geo.evidence import Evidence
from geo.export.deck import Deck, build_deck
from geo.store import LayerStore, open_store
from geo.view import View

EVIL = (
    "{{7*7}} ${1} `x` <img src=x onerror=window.hacked=1> </script><script>window.hacked=1</script>"
    "<!-- \\u003cb\\u003e C:\\users &amp; \u2028\u2029 ]]> ' \" <b>bold</b>"
)


def _evidence(known: Evidence) -> Evidence:
    evil = {"says": EVIL, "subject": EVIL, "state": EVIL, "systems": (EVIL,), "attributed_to": EVIL}
    claims = tuple(
        one.model_copy(update=evil) if one.id == "nyt-01" else one for one in known.claims
    )
    conflicts = tuple(
        one.model_copy(update={"question": EVIL, "note": EVIL}) for one in known.conflicts
    )
    return replace(known, claims=claims, conflicts=conflicts)


def write_hostile_briefing(folder: Path) -> tuple[Deck, LayerStore]:
    """Write a store with hostile layers and return a deck of hostile scenes from it."""
    evidence = _evidence(context().evidence)
    write_layers(evidence, folder)
    store = open_store(str(folder))
    said = Statement(EVIL, ("nyt-01",))
    scenes = (
        Scene("one", View(page="khmeimim"), said, (said, said), EVIL),
        Scene("two", View(q="bold"), said, (said,), EVIL),
    )
    return build_deck(Briefing("evil", EVIL, EVIL, scenes), store, evidence), store
