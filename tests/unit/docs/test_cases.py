"""docs/cases.md has every file and every field of a case, as the records have them."""

import inspect
import re

import pytest

from geo.evidence import (
    base_geography,
    case,
    distance,
    kept_files,
    models,
    origins,
    system_names,
    vocabularies,
)
from geo.evidence.record import Record
from geo.settings import ASSETS, ROOT
from tests.support.markdown import table

PAGE = ROOT / "docs" / "cases.md"
MODULES = (case, models, distance, kept_files, origins, system_names, base_geography, vocabularies)
BASES = {"Record", "MappedPoint"}
RECORDS = {
    name: found
    for module in MODULES
    for name, found in vars(module).items()
    if inspect.isclass(found) and issubclass(found, Record) and name not in BASES
}


@pytest.mark.parametrize("name", RECORDS)
def test_table_has_the_fields_of_the_record_and_which_are_needed(name):
    rows = [(field.strip("`"), needed) for field, needed, _ in table(PAGE, f"field of {name}")]
    fields = RECORDS[name].model_fields
    assert rows == [(one, "yes" if info.is_required() else "no") for one, info in fields.items()]


def test_page_describes_no_other_record():
    described = re.findall(r"^### (\w+)", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(described) == sorted(RECORDS)


def test_table_of_files_has_every_file_of_the_case_that_comes_with_the_app():
    patterns = [name.strip("`") for name, _, _ in table(PAGE, "file of a case")]
    files = [path.relative_to(ASSETS / "case") for path in (ASSETS / "case").rglob("*.*")]
    read = [one for one in files if one.suffix in (".json", ".toml") and one.parts[0] != "basemap"]
    assert [str(one) for one in read if not any(one.match(pattern) for pattern in patterns)] == []


def test_vocabularies_of_the_fields_are_those_of_the_records():
    words = {field.strip("`"): text for field, _, text in table(PAGE, "field of Claim")}
    for field, known in (
        ("evidence", models.EVIDENCE_KINDS),
        ("certainty", models.CERTAINTIES),
        ("stance", models.STANCES),
        ("location_class", models.LOCATION_CLASSES),
    ):
        assert all(one.replace("'", "’") in words[field] for one in known), field
    sections = {field.strip("`"): text for field, _, text in table(PAGE, "field of CasePage")}
    assert all(f"`{one}`" in sections["sections"] for one in case.SECTIONS)
