"""`python -m geo export`: atomic files, messages, exit codes, copied links."""

import csv
import io
import json
import os
import re
import sys
import types
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from pptx import Presentation

from geo.cli.common import split_link
from geo.cli.main import main
from geo.errors import ExportError

BRIEFING = ("--briefing", "thirteen-december")
DAY = "from=2024-12-12&to=2024-12-12"


def painted(slide, store, fmt="png", *, size, theme):
    if slide.key == "convoy" and size[0] == 666:
        raise ExportError("The map of the convoy cannot be drawn.")
    if slide.key == "convoy" and size[0] == 667:
        raise KeyboardInterrupt
    return f"{slide.key} {fmt} {size} {theme}".encode()


def picture(slide, store, *, size, theme):
    from PIL import Image

    box = io.BytesIO()
    Image.new("RGB", (9, 9)).save(box, "PNG")
    return box.getvalue()


@pytest.fixture(autouse=True)
def _quick_maps(monkeypatch):
    module = types.ModuleType("geo.export.image.render")
    module.render_picture, module.render_map = painted, picture
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def run(fresh_context, tmp_path, monkeypatch):
    fresh_context()
    monkeypatch.chdir(tmp_path)

    def invoked(*words: str):
        result = CliRunner().invoke(main, ["export", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoked


def left_behind(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("link", "page", "query"),
    [
        ("", "", ""),
        ("from=1", "", "from=1"),
        ("?from=1", "", "from=1"),
        ("khmeimim", "khmeimim", ""),
        ("khmeimim?from=1", "khmeimim", "from=1"),
        ("/khmeimim?from=1", "khmeimim", "from=1"),
        ("http://h:1/khmeimim?q=a#b", "khmeimim", "q=a"),
        ("https://h/base/tartus/?q=a%3Fb?c", "tartus", "q=a%3Fb?c"),
        ("http://h?q=1", "", "q=1"),
        ("http://h/", "", ""),
        ("q=http://h/x?y=1", "", "q=http://h/x?y=1"),
        ("q=a?b", "", "q=a?b"),
    ],
)
def test_link_is_split_into_page_and_query(link, page, query):
    found = split_link(link)
    assert (found[0], found[1].lstrip("?")) == (page, query)


@pytest.mark.parametrize(
    "link", [f"http://127.0.0.1:8501/khmeimim?{DAY}", f"khmeimim?{DAY}", f"/khmeimim?{DAY}"]
)
@pytest.mark.parametrize("command", ["select", "data", "export"])
def test_link_to_a_page_exports_its_own_places(run, tmp_path, command, link):
    more = {
        "select": (),
        "data": ("--format", "csv", "--out", "a.csv"),
        "export": ("--format", "png", "--out", "a.png", "--json"),
    }[command]
    result = CliRunner().invoke(main, [command, "--view", link, *more])
    assert result.exit_code == 0
    told = (tmp_path / "a.csv").read_text("utf-8") if command == "data" else result.stdout
    assert "s400-11" in told
    assert "nyt-14" not in told


def test_view_is_exported_and_reported_as_json(run, tmp_path):
    result = run(
        "--view",
        f"khmeimim?{DAY}",
        "--format",
        "png",
        "--size",
        "4:3",
        "--theme",
        "dark",
        "--out",
        "a.png",
        "--json",
    )
    body = (tmp_path / "a.png").read_bytes()
    assert body == b"khmeimim png (1440, 1080) dark"
    told = json.loads(result.stdout)
    assert (told["out"], told["bytes"], told["slides"]) == ("a.png", len(body), 1)
    assert told["counted"] == f"{len(told['ids'])} of 23 reports"
    assert left_behind(tmp_path) == ["a.png"]


def test_page_option_applies_to_a_bare_query(run, tmp_path):
    assert run("--view", DAY, "--page", "/tartus", "--format", "svg", "--out", "a").exit_code == 0
    assert (tmp_path / "a").read_bytes().startswith(b"tartus svg")
    run("--view", f"khmeimim?{DAY}", "--page", "tartus", "--format", "svg", "--out", "a")
    assert (tmp_path / "a").read_bytes().startswith(b"khmeimim svg")


@pytest.mark.parametrize(
    ("link", "named"),
    [("nowhere?q=a", "nowhere"), ("present?scene=x", "--briefing"), ("system=X-wing", "X-wing")],
)
def test_unusable_parts_of_a_link_are_reported_beside_the_file(run, tmp_path, link, named):
    result = run("--view", link, "--format", "png", "--out", "a.png", "--json")
    assert result.exit_code == 0
    assert named in result.stderr
    assert json.loads(result.stdout)["slides"] == 1


def test_briefing_is_exported_to_powerpoint_with_links(run, tmp_path):
    result = run(*BRIEFING, "--format", "pptx", "--address", "http://h:1/", "--out", "a.pptx")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "a.pptx: 11 slides" in result.stderr
    presentation = Presentation(tmp_path / "a.pptx")
    assert "http://h:1/overview?" in presentation.slides[1].notes_slide.notes_text_frame.text


def test_briefing_file_can_be_exported(run, tmp_path):
    text = (
        'title = "T"\n[[scene]]\nid = "one"\nlink = "tartus?q=ship"\nheadline = "H"\n'
        'claims = ["nyt-14"]\n'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert run("--briefing", "own.toml", "--format", "png", "--out", "b.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as pack:
        assert pack.namelist() == ["01-one.png"]


def test_images_of_a_briefing_are_written_to_a_complete_folder(run, tmp_path):
    result = run(*BRIEFING, "--format", "png", "--out", "maps", "--json")
    names = left_behind(tmp_path / "maps")
    assert (names[0], len(names)) == ("01-setting.png", 11)
    total = sum(path.stat().st_size for path in (tmp_path / "maps").iterdir())
    assert json.loads(result.stdout) == {"out": "maps", "bytes": total, "slides": 11}
    assert left_behind(tmp_path) == ["maps"]


def test_nonempty_output_folder_is_not_changed(run, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "mine.txt").write_text("x")
    result = run(*BRIEFING, "--format", "svg", "--out", "maps")
    assert (result.exit_code, "--out" in result.stderr) == (1, True)
    assert left_behind(tmp_path / "maps") == ["mine.txt"]
    (tmp_path / "maps" / "mine.txt").unlink()
    assert run(*BRIEFING, "--format", "svg", "--out", "maps").exit_code == 0


@pytest.mark.parametrize("out", ["maps", "maps.zip"])
@pytest.mark.parametrize("width", ["666", "667"])
def test_failed_or_stopped_export_leaves_no_file(run, tmp_path, out, width):
    result = run(*BRIEFING, "--format", "png", "--size", f"{width}x500", "--out", out)
    assert result.exit_code == 1
    assert ("convoy" in result.stderr) == (width == "666")
    assert "Traceback" not in result.output
    assert left_behind(tmp_path) == []


def test_unwritable_output_path_is_reported_before_rendering(run, tmp_path):
    (tmp_path / "a.pptx").mkdir()
    for out in ("nowhere/a.pptx", "a.pptx"):
        for what in (("--view", DAY), BRIEFING):
            result = run(*what, "--format", "pptx", "--out", out)
            assert (result.exit_code, result.stdout) == (1, "")
            assert "cannot be written" in result.stderr
    assert run(*BRIEFING, "--format", "png", "--out", "nowhere/maps").exit_code == 1
    assert left_behind(tmp_path) == ["a.pptx"]


def test_failed_export_keeps_the_old_file(run, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"old")
    assert run(*BRIEFING, "--format", "png", "--size", "666x500", "--out", "a.zip").exit_code == 1
    assert (tmp_path / "a.zip").read_bytes() == b"old"
    assert left_behind(tmp_path) == ["a.zip"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--view", DAY, *BRIEFING),
        (*BRIEFING, "--page", "tartus"),
        ("--view", DAY, "--template", "t.pptx", "--format", "png"),
        ("--view", DAY, "--format", "jpg"),
        ("--view", DAY, "--format", "gif", "--scene", "convoy"),
        (*BRIEFING, "--format", "png", "--scene", "convoy"),
        ("--view", DAY, "--size", "big"),
        ("--view", DAY, "--size", "99x99"),
        ("--view", DAY, "--theme", "pink"),
    ],
)
def test_wrong_usage_exits_with_2_and_lists_the_valid_values(run, tmp_path, words):
    fmt = () if "--format" in words else ("--format", "pptx")
    result = run(*words, *fmt, "--out", "a")
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--briefing", "nonsense"), "thirteen-december"),
        ((*BRIEFING, "--template", "missing.pptx"), "missing.pptx"),
        ((*BRIEFING, "--template", "bad.pptx"), "no PowerPoint file"),
    ],
)
def test_unusable_input_fails_with_1_and_a_message(run, tmp_path, words, named):
    (tmp_path / "bad.pptx").write_bytes(b"not a zip")
    result = run(*words, "--format", "pptx", "--out", "a.pptx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert named in result.stderr
    assert left_behind(tmp_path) == ["bad.pptx"]


def test_temporary_file_of_another_process_is_kept(run, tmp_path):
    other = tmp_path / f".a.png.{os.getpid() + 1}.part"
    other.write_bytes(b"theirs")
    assert run("--view", DAY, "--format", "png", "--out", "a.png").exit_code == 0
    assert other.read_bytes() == b"theirs"


def test_link_without_a_server_says_what_to_put_before_it(run):
    run(*BRIEFING, "--format", "pptx", "--out", "a.pptx")
    presentation = Presentation("a.pptx")
    notes = presentation.slides[1].notes_slide.notes_text_frame.text
    assert re.search(r"^overview\?\S+ \(put the address of your dashboard", notes, re.MULTILINE)
    told = "\n".join(
        shape.text_frame.text
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert "present?scene=thirteen-december (put the address" in told
    assert "/present?scene" not in told


def write_data(view: str, *words: str) -> None:
    assert CliRunner().invoke(main, ["data", "--view", view, *words]).exit_code == 0


def test_public_address_is_in_every_file_of_the_command_line(run, monkeypatch):
    from geo.settings import settings

    monkeypatch.setenv("PUBLIC_ADDRESS", "https://example.org/ops/map/")
    settings.cache_clear()
    try:
        run(*BRIEFING, "--format", "pptx", "--out", "a.pptx")
        for fmt in ("csv", "txt"):
            write_data("khmeimim?from=2024-12-12", "--format", fmt, "--out", f"a.{fmt}")
    finally:
        settings.cache_clear()
    notes = Presentation("a.pptx").slides[1].notes_slide.notes_text_frame.text
    assert "https://example.org/ops/map/overview?" in notes
    for fmt in ("csv", "txt"):
        text = Path(f"a.{fmt}").read_text("utf-8")
        assert "https://example.org/ops/map/khmeimim?" in text
        assert "put the address" not in text


@pytest.mark.parametrize(
    ("options", "added"),
    [
        ((), {"lat", "lon"}),
        (("--geometry", "wkt"), {"wkt"}),
        (("--geometry", "point"), {"lat", "lon"}),
    ],
)
def test_csv_of_the_command_line_has_the_geometry_once(run, options, added):
    write_data("sources=all", "--format", "csv", *options, "--out", "a.csv")
    with Path("a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"lat", "lon", "wkt"} & set(rows[0]) == added
    assert {row["place"] for row in rows} >= {"khmeimim", "tartus"}
    assert all("(put the address of your dashboard" in row["link"] for row in rows)


def test_animation_of_a_view_without_a_playback_says_what_to_add(run, tmp_path):
    result = run("--view", DAY, "--format", "webp", "--out", "a.webp")
    assert result.exit_code == 1
    assert "play=1d" in result.output
    assert not (tmp_path / "a.webp").exists()


def test_unknown_scene_is_refused_with_the_known_ones(run):
    result = run(*BRIEFING, "--scene", "nowhere", "--format", "gif", "--out", "a.gif")
    assert result.exit_code == 1
    assert "convoy" in result.output
