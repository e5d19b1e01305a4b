"""Each system is written in one way, families exist, and origins are known."""

import pytest


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("S400", "S-400"),
        ("s-400", "S-400"),
        ("S 400", "S-400"),
        ("S\u2011400", "S-400"),
        ("\u0421-400", "S-400"),
        ("An124", "An-124"),
        ("Antonov An-124", "An-124"),
        ("IL-76", "Il-76"),
        ("Ka 52", "Ka-52"),
        ("frigates", "frigate"),
        ("air defence system", "air-defence system"),
        ("Cargo-ship", "cargo ship"),
    ],
)
def test_other_spelling_of_a_known_system_is_refused_with_its_name(folder, written, known):
    folder.set("claims.json", "nyt-01", systems=["An-124", written])
    (fault,) = folder.faults
    assert (fault.file, fault.record, fault.field) == ("claims.json", "nyt-01", "systems")
    assert fault.remedy == f"write {known!r}"
    assert written in fault.value


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("S-400 Triumf", "S-400"), ("Su-35", "Su-34"), ("helicoptre", "helicopter"), ("Pantsir", "")],
)
def test_unknown_system_is_refused_with_the_nearest_one(folder, written, nearest):
    folder.set("claims-wider.json", "ext-06a", systems=["An-124", written])
    (fault,) = folder.faults
    assert "no such system in systems.json" in fault.why
    assert "add it there" in fault.remedy
    assert (f"'{nearest}'" in fault.remedy) == bool(nearest)


def test_new_system_is_accepted_once_it_is_recorded(folder):
    folder.set("claims-wider.json", "ext-06a", systems=["An-124", "Pantsir-S1"])
    record = {"name": "Pantsir-S1", "family": "air-defence system", "spellings": ["Панцирь-С1"]}
    folder.change("systems.json", lambda records: records.append(record))
    assert not folder.faults


@pytest.mark.parametrize(
    ("system", "values", "field"),
    [
        ("S-400", {"family": "missile"}, "family"),
        ("air-defence system", {"family": "S-400"}, "family"),
        ("An-124", {"spellings": ["IL 76"]}, "spellings"),
        ("drone", {"family": None, "spellings": "UAV"}, "spellings"),
    ],
)
def test_bad_record_of_a_system_is_a_fault(folder, system, values, field):
    folder.set("systems.json", system, **values)
    assert ("systems.json", field) in {(f.file, f.field) for f in folder.faults}


def test_system_that_no_claim_names_is_a_fault(folder):
    record = {"name": "Kinzhal", "family": None, "spellings": []}
    folder.change("systems.json", lambda records: records.append(record))
    assert folder.places_of_faults == [("systems.json", "Kinzhal", "name")]


def test_mistyped_origin_is_refused_with_the_nearest_one(folder):
    folder.set("claims.json", "nyt-01", origins=["maxar-2024-13-12"])
    (fault,) = folder.faults
    assert (fault.record, fault.field) == ("nyt-01", "origins")
    assert "maxar-2024-12-13" in fault.remedy


@pytest.mark.parametrize("file", ["systems.json", "origins.json"])
def test_without_the_file_claims_may_write_any_name(folder, file):
    (folder.path / file).unlink()
    folder.set("claims.json", "nyt-01", systems=["Example system"], origins=["example-origin"])
    assert [fault.field for fault in folder.faults] == [
        "origins" if file == "systems.json" else "systems"  # of the other file, which is there
    ]
