"""The offline HTML briefing: complete, deterministic, safe and independent of Streamlit."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from html import unescape

import pytest

from geo.errors import CancelledError, ExportError
from geo.export.html.offline_html import write_handout
from geo.export.stage import build_presentation
from geo.mapping.basemap_files import FILES, list_base_files
from geo.mapping.folium_map import build_map_state
from geo.mapping.frontend_assets import FRONTEND
from geo.mapping.relief import read_relief
from geo.settings import ROOT
from tests.support.hostile_briefing import EVIL, write_hostile_briefing
from tests.support.stage import deck

LARGEST = 2_900_000  # bytes


@pytest.fixture(scope="module")
def handout(store):
    return write_handout(deck(), store).decode()


def block(page: str, name: str):
    found = re.findall(rf'<script type="application/json" data-{name}>(.*?)</script>', page, re.S)
    assert len(found) == 1
    return json.loads(found[0])


def test_offline_html_is_deterministic_and_small(handout, store):
    assert write_handout(deck(), store).decode() == handout
    assert len(handout.encode()) < LARGEST


def test_offline_html_references_no_external_resource(handout):
    head = re.sub(r"<script.*?</script>", "", handout, flags=re.S)
    assert re.findall(r"url\((?!\"data:|#)[^)]*\)", head) == []
    assert not re.search(r"<(link|img|iframe|script[^>]*\ssrc)|@import", head)


def test_policy_allows_only_the_embedded_script_and_style(handout):
    policy = unescape(re.search(r'Security-Policy" content="([^"]*)"', handout)[1])
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", handout, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
        assert "\r" not in text  # a browser would normalise it and get another hash


def test_every_url_that_a_scene_requests_is_embedded(handout, store):
    files, made = block(handout, "files"), block(handout, "slide")
    assert made == json.loads(json.dumps(build_presentation(deck(), "handout")))
    for slide in deck().slides:
        show = build_map_state(slide.selection, slide.view, deck().version)
        query = f"{show['q']}&" if show["q"] else ""
        claims = files[f"features/claims?{query}v={deck().version}"]
        assert [one["id"] for one in claims["features"]] == list(slide.selection.ids)
        for name in ("places", "routes", "rings"):
            assert files[f"features/{name}?v={deck().version}"]["features"]


def test_embedded_base_map_files_are_those_the_script_uses(handout):
    sources = [FRONTEND / "src" / f"{name}.js" for name in ("basemap", "airfield")]
    script = "\n".join(path.read_text("utf-8") for path in sources)
    drawn = re.findall(r'^  \["(\w+)", "\w+"', script, re.M)
    names = re.search(r"const NAMES = \[(.*?)\]", script)[1]
    asked = {
        *drawn,
        *re.findall(r'"(\w+)"', names),
        *re.findall(r'basemapFile\(\w+, "(\w+)"\)', script),
    }
    assert asked == set(FILES)
    files = block(handout, "files")
    assert set(files["map/base.json"]) == set(list_base_files())
    relief = {f"map/base/{one.file}" for one in read_relief()}
    assert {name for name in files if name.startswith("map/base/")} == relief
    pictures = [files[name] for name in relief]
    assert all(one.startswith("data:image/webp;base64,") for one in pictures)


def test_hostile_text_closes_no_element(tmp_path):
    made, store = write_hostile_briefing(tmp_path)
    page = write_handout(made, store).decode()
    assert page.count("</script>") == 4
    assert block(page, "slide")["scenes"][0]["headline"] == made.slides[0].headline
    body = page.replace("window.hacked=1\\u003c", "")
    assert "<script>window.hacked" not in body
    assert "<img" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert "hacked" in EVIL


@pytest.mark.parametrize("theme", ["auto", "light", "dark", "print"])
def test_theme_is_stored_in_the_page(store, theme):
    assert block(write_handout(deck(), store, theme=theme).decode(), "page")["theme"] == theme


def test_unknown_theme_is_rejected(store):
    with pytest.raises(ExportError, match="'sepia'"):
        write_handout(deck(), store, theme="sepia")


def test_progress_is_reported_per_slide_and_can_cancel(store):
    told = []
    write_handout(deck(), store, progress=lambda done, of: told.append((done, of)))
    assert told == [(n, len(deck().slides)) for n in range(1, len(deck().slides) + 1)]

    def stop(done: int, of: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        write_handout(deck(), store, progress=stop)


def test_offline_html_needs_no_streamlit():
    code = (
        "import sys; from tests.support.stage import deck; from geo.app_context import context; "
        "from geo.export.html.offline_html import write_handout; "
        "write_handout(deck(), context().store); "
        "sys.exit('streamlit' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
