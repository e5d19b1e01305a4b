"""Store the command line's outputs for many views, and compare two such folders.

Run `keep` in a checkout before a change and in one after it, then `compare` the two folders::

    python -m tests.support.compare_outputs keep BEFORE --corpus CORPUS
    python -m tests.support.compare_outputs compare BEFORE AFTER

An older checkout, without this package, finds it through PYTHONPATH. `keep` writes PNG, SVG, PPTX,
CSV and GeoJSON files, the selected ids, the layers, the text on stderr, and `check --json` of the
files of CORPUS. `compare` ends with 1 if more than words differ.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import runpy
import sys
import tempfile
import tomllib
import traceback
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import click

from tests.support.compare_outputs import picture_differences as pictures
from tests.support.compare_outputs.output_differences import (
    Findings,
    compare_csv,
    compare_geojson,
    compare_json,
)
from tests.support.compare_outputs.pptx_differences import compare_pptx

BRIEFING = "thirteen-december"
DARK, NARROW = ("--theme", "dark"), ("--size", "4:3")
NIGHT = "from=2024-12-12&to=2024-12-13"
VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("overview", "overview", ()),
    ("all-sources-dark", "overview?sources=all", DARK),
    ("wider-not-all-usable", "overview?sources=wider&from=noday&zzz=1&place=nowhere&v=old", ()),
    ("one-day-narrow", "overview?from=2024-12-13&to=2024-12-13", NARROW),
    ("undated", "overview?from=2024-12-10&to=2024-12-12&undated=1", ()),
    ("certain-images", "overview?certainty=likely&evidence=satellite+imagery&place=tartus", ()),
    ("stances-open-start", "overview?to=2024-12-12&stance=staying&stance=undecided", NARROW),
    ("arabic-search", "overview?q=حميميم&sources=all", ()),
    ("nothing", "overview?q=no+such+words", DARK),
    ("base-days-dark", f"khmeimim?{NIGHT}", DARK),
    ("base-system-claim", "khmeimim?system=S-400&system=S-400+radar&claim=nyt-03", ()),
    ("base-wider", "khmeimim?sources=all&from=2024-12-01&to=2025-01-31", NARROW),
    ("port-claims-open", "tartus?claim=tartus&sources=all", ()),
    ("port-camera", "tartus?at=34.91,35.87,13", (*DARK, *NARROW)),
    ("road", "convoys?from=2024-12-13&to=2024-12-13&undated=1", ()),
    ("compare-days", "compare?from=2024-12-13&to=2024-12-13&compare=2024-12-12", ()),
    ("compare-windows", f"compare?{NIGHT}&compare=2024-12-08&compare_to=2024-12-11", DARK),
    ("conflicts", "conflicts", ()),
    ("conflicts-wider", "conflicts?sources=all&system=S-400", NARROW),
    ("ledger", "evidence?q=cargo&at=35.4,35.95,10.5", ()),
    ("own-layer", f"overview?layer=sightings&{NIGHT}", ()),
    ("large-layer", "overview?layer=crossings&at=34.6,36.4,9", DARK),
)
"""Name, link and options of views that differ; the last two have layers that `keep` makes."""

OWN_LAYERS = {"sightings": 60, "crossings": 25_000}
KINDS = {
    "svg": pictures.compare_svg,
    "pptx": compare_pptx,
    "csv": compare_csv,
    "geojson": compare_geojson,
    "json": compare_json,
}


@dataclass(frozen=True)
class Job:
    """One command; `out` is the file it writes, or the file for its standard output."""

    name: str
    arguments: tuple[str, ...]
    out: Path

    def run(self) -> tuple[str, int, str]:
        """Run it in this process; return its name, exit code, and standard error."""
        plain = "--json" in self.arguments
        code, out, err = run_geo(
            self.arguments if plain else (*self.arguments, "--out", str(self.out))
        )
        if plain:
            self.out.write_text(out, encoding="utf-8")
        return self.name, code, err.replace(f"{self.out.parent}{os.sep}", "")


def run_geo(arguments: tuple[str, ...]) -> tuple[int, str, str]:
    """Run `python -m geo` of the current folder in-process; return exit code, stdout, stderr."""
    sys.argv = ["geo", *arguments]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            runpy.run_module("geo", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:
            code = 70
            err.write(traceback.format_exc(limit=-3))
    return code, out.getvalue(), err.getvalue()


def prepare_worker(folder: str) -> None:
    """Import `geo` from that folder, even if another one is installed."""
    sys.path.insert(0, folder)
    import geo

    if not Path(geo.__file__).is_relative_to(folder):
        raise RuntimeError(f"geo is loaded from {geo.__file__}, not from {folder}.")


def write_own_layers(folder: Path) -> None:
    """Write the same layers of dated points into a folder every time."""
    for name, rows in OWN_LAYERS.items():
        features = [
            {
                "type": "Feature",
                "properties": {
                    "id": f"p{i}",
                    "name": f"Point {i}",
                    "seen": f"2024-12-{8 + i % 7:02}",
                },
                "geometry": {
                    "type": "Point",
                    "coordinates": [
                        round(35.5 + i * 0.6180339887 % 1 * 1.9, 5),
                        round(33.5 + i * 0.7548776662 % 1 * 2.1, 5),
                    ],
                },
            }
            for i in range(rows)
        ]
        body = json.dumps({"type": "FeatureCollection", "features": features})
        (folder / f"{name}.geojson").write_text(body, encoding="utf-8")


def list_jobs(folder: Path, corpus: Path | None) -> Iterator[Job]:
    """Yield every command of a run; scenes are views of the briefing's file."""
    text = next(Path("assets").rglob(f"{BRIEFING}.toml")).read_text(encoding="utf-8")
    scenes = [(f"scene-{one['id']}", one["link"], ()) for one in tomllib.loads(text)["scene"]]
    for fmt in ("png", "svg", "pptx"):
        out = folder / fmt / ("briefing.pptx" if fmt == "pptx" else "briefing")
        yield Job(f"{fmt} briefing", ("export", "--briefing", BRIEFING, "--format", fmt), out)
    for name, link, options in (*VIEWS, *scenes):
        view = ("--view", link)
        for fmt in ("csv", "geojson"):
            yield Job(
                f"{fmt} {name}", ("data", *view, "--format", fmt), folder / fmt / f"{name}.{fmt}"
            )
        yield Job(f"select {name}", ("select", *view, "--json"), folder / "select" / f"{name}.json")
        for fmt in () if name.startswith("scene-") else ("png", "svg", "pptx"):
            command = ("export", *view, "--format", fmt, *options)
            yield Job(f"{fmt} {name}", command, folder / fmt / f"{name}.{fmt}")
    yield Job("layers", ("layers", "--json"), folder / "layers" / "layers.json")
    for path in sorted(corpus.rglob("*")) if corpus else ():
        if path.is_file():
            name = "-".join(path.relative_to(corpus).parts)
            out = folder / "check" / f"{name}.json"
            yield Job(f"check {name}", ("check", str(path.resolve()), "--json"), out)


@click.group()
def main() -> None:
    """Store the outputs of a checkout, and compare two folders of outputs."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--corpus", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1))
def keep(folder: Path, corpus: Path | None, workers: int) -> None:
    """Write the outputs of the checkout in the current folder into FOLDER, which must be new."""
    folder = folder.resolve()
    folder.mkdir(parents=True)
    jobs = list(list_jobs(folder, corpus))
    for one in jobs:
        one.out.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        source, store = Path(made, "source"), Path(made, "store")
        source.mkdir()
        store.mkdir()
        write_own_layers(source)
        os.environ["STORE_URL"] = str(store)
        spawn, here = multiprocessing.get_context("spawn"), (str(Path.cwd()),)
        with ProcessPoolExecutor(workers, spawn, prepare_worker, here) as pool:
            code, _, err = pool.submit(
                run_geo, ("import", str(source), "--to", str(store))
            ).result()
            if code:
                raise click.ClickException(f"The layers cannot be imported: {err}")
            ended = list(pool.map(Job.run, jobs))
    said = {name: {"exit": code, "text": err.replace(made, "")} for name, code, err in ended}
    (folder / "stderr").mkdir()
    text = json.dumps(said, ensure_ascii=False, indent=1)
    (folder / "stderr" / "stderr.json").write_text(text, encoding="utf-8")
    failed = [name for name, code, _ in ended if code and not name.startswith("check ")]
    click.echo(f"{len(jobs)} commands, {len(failed)} failed {', '.join(failed)}")


def read_version(folder: Path) -> str:
    """Return the data version that a run wrote into its GeoJSON; empty without one."""
    first = next(iter(sorted(folder.glob("geojson/*.geojson"))), None)
    return str(json.loads(first.read_bytes()).get("data_version", "")) if first else ""


def compare_file(
    name: Path, folders: tuple[Path, Path], versions: tuple[str, str], beside: Path
) -> Findings:
    """Compare one file in two folders; data versions in texts count as equal."""
    kind = name.suffix[1:]
    if not all((folder / name).is_file() for folder in folders):
        return Findings(other=[f"only {'before' if (folders[0] / name).is_file() else 'after'}"])
    old, new = ((folder / name).read_bytes() for folder in folders)
    if kind in ("csv", "geojson", "json") and all(versions):
        old, new = (
            body.replace(version.encode(), b"VERSION")
            for body, version in zip((old, new), versions, strict=True)
        )
    if (
        name.parent.name == "select" and versions[0] != versions[1]
    ):  # tokens depend on the data version
        old, new = (json.dumps({**json.loads(one), "token": ""}).encode() for one in (old, new))
    if old == new:
        return Findings()
    try:
        if kind == "png":
            twin = Path("svg", *name.parts[1:]).with_suffix(".svg")
            drawn = [(one / twin).read_bytes() for one in folders if (one / twin).is_file()]
            boxes = pictures.changed_boxes(*drawn) if len(drawn) == 2 else []
            found = pictures.compare_png(old, new, boxes, beside / name)
        else:
            found = KINDS[kind](old, new)
    except Exception as error:
        return Findings(other=[f"cannot be compared: {error!r}"])
    if found.verdict == "identical":
        found.other.append("other bytes, though nothing of the content differs")
    return found


@main.command()
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("after", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--pictures", "beside", type=click.Path(path_type=Path), help="For pictures side by side."
)
@click.option("--lines", default=12, show_default=True, help="Most lines for a file.")
def compare(before: Path, after: Path, beside: Path | None, lines: int) -> None:
    """Report for each file type what is identical, differs in words, or differs otherwise."""
    beside = beside or after.with_name(f"{after.name}-side-by-side")
    versions = (read_version(before), read_version(after))
    found: dict[str, dict[str, Findings]] = defaultdict(dict)
    for name in sorted({p.relative_to(f) for f in (before, after) for p in f.rglob("*.*")}):
        one = compare_file(name, (before, after), versions, beside)
        found[name.parts[0]][name.as_posix()] = one
    version = [] if versions[0] == versions[1] else [f"{versions[0]} -> {versions[1]}"]
    found["version"]["data version"] = Findings(other=version)
    print_findings(found, lines)
    sys.exit(any(one.other for files in found.values() for one in files.values()))


def print_findings(found: dict[str, dict[str, Findings]], lines: int) -> None:
    """Print the table, other differences by file, and changed words with their files."""
    titles = ("identical", "words only", "different")
    click.echo(f"{'kind':<10}{'files':>8}" + "".join(f"{title:>12}" for title in titles))
    words: dict[str, list[str]] = defaultdict(list)
    for kind, files in found.items():
        counts = [sum(one.verdict == title for one in files.values()) for title in titles]
        click.echo(f"{kind:<10}{len(files):>8}" + "".join(f"{count:>12}" for count in counts))
        for name, one in files.items():
            for line in dict.fromkeys(one.words):
                words[line].append(name)
    for files in found.values():
        for name, one in files.items():
            if one.other:
                click.echo(f"\n{name} differs beyond words:")
                click.echo("\n".join(f"  {line}" for line in one.other[:lines]))
                if len(one.other) > lines:
                    click.echo(f"  and {len(one.other) - lines:,} more")
    if words:
        click.echo("\nChanged words, and the number of files with them:")
    for line, names in sorted(words.items(), key=lambda item: -len(item[1])):
        click.echo(f"{len(names):>5}  {line}  ({names[0]})")
