"""Files of the case that CASE names: pictures, slides, data, briefings; run by test_second_case."""

import json
import zipfile
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from geo.app_context import context
from geo.briefing import list_builtin_briefings, open_briefing
from geo.cli.main import main
from geo.evidence import builtin_evidence, find_case_meridian
from geo.page_registry import list_pages

PAGES = [page.path for page in list_pages() if page.frame]
STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "pptx": b"PK", "html": b"<!doctype"}


def run(*arguments: str) -> str:
    """Run a command of `python -m geo`."""
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output[-2000:]
    return done.output


@pytest.mark.parametrize("kind", STARTS)
def test_the_first_page_is_exported(kind, tmp_path):
    out = tmp_path / f"page.{kind}"
    total = len(builtin_evidence().claims)
    said = run("export", "--view", "", "--page", PAGES[0], "--format", kind, "--out", str(out))
    assert f"of {total} reports" in said
    assert out.read_bytes().startswith(STARTS[kind])


@pytest.mark.parametrize("page", PAGES)
def test_the_picture_of_a_page_names_its_places(page, tmp_path):
    out = tmp_path / "page.svg"
    run("export", "--view", "", "--page", page, "--format", "svg", "--out", str(out))
    about = next(one for one in list_pages() if one.path == page).places
    evidence = builtin_evidence()
    shown = about or {claim.place for claim in evidence.claims if claim.place}
    text = out.read_text("utf-8")
    for place in shown:
        words = evidence.place_by_id[place].map_label.split()
        assert all(word in text for word in words), place


def test_data_files_have_plain_longitudes(tmp_path):
    out = tmp_path / "claims.geojson"
    run("data", "--view", "", "--format", "geojson", "--out", str(out))
    features = json.loads(out.read_text("utf-8"))["features"]
    assert len(features) == len(builtin_evidence().claims)
    for one in features:
        if one["geometry"]:
            west, _, east, _ = shapely.from_geojson(json.dumps(one["geometry"])).bounds
            assert -180 <= west <= east <= 180
    for kind in ("csv", "kml", "gpkg", "parquet"):
        run("data", "--view", "", "--format", kind, "--out", str(tmp_path / f"claims.{kind}"))
    assert "{}" not in (tmp_path / "claims.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("name", list_builtin_briefings())
def test_a_briefing_of_the_case_is_exported(name, tmp_path):
    briefing = open_briefing(name, context().link_vocabulary())
    for kind in ("pptx", "pdf", "html"):
        out = tmp_path / f"briefing.{kind}"
        said = run("export", "--briefing", name, "--format", kind, "--out", str(out))
        assert f"{len(briefing.scenes)} slides" in said
    folder = tmp_path / "pictures"
    run("export", "--briefing", name, "--format", "png", "--out", str(folder))
    assert len(list(folder.glob("*.png"))) == len(briefing.scenes)
    check_slides(tmp_path / "briefing.pptx", [scene.headline.says for scene in briefing.scenes])
    check_offline_page((tmp_path / "briefing.html").read_text("utf-8"))


def check_slides(path: Path, headlines: list[str]) -> None:
    """Check that each headline is text of a slide."""
    with zipfile.ZipFile(path) as deck:
        slides = [name for name in deck.namelist() if name.startswith("ppt/slides/slide")]
        text = "".join(deck.read(name).decode() for name in slides)
    for headline in headlines:
        assert headline.split(":")[-1].strip().split()[0] in text


def check_offline_page(text: str) -> None:
    """Check that the page draws its places about the meridian of the case."""
    start = text.index("data-files>") + len("data-files>")
    files = json.loads(text[start : text.index("</script>", start)])
    places = next(answer for path, answer in files.items() if path.startswith("features/places"))
    for one in places["features"]:
        offset = one["properties"]["label_lon"] - find_case_meridian()
        assert abs(offset) <= 180, one["id"]
