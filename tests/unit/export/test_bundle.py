"""An evidence bundle holds what a view shows, and its check finds whatever was changed."""

import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.app_context import context
from geo.builtin_layers import EvidenceStore
from geo.errors import BundleError
from geo.evidence import Claim, Source, builtin_evidence
from geo.export import bundle_check
from geo.export.bundle import write_bundle
from geo.export.bundle_check import MANIFEST, check_bundle, is_safe_name, verify_bundle
from geo.export.pptx.reproducible_zip import zip_files
from geo.ledger import Desk, FolderLedger, Person, Records
from geo.ledger.kept import keep_claim_image, keep_source_copy
from geo.media import check_kept_file
from geo.selection import select
from geo.view import View
from tests.unit.test_media import HTML, PDF, make_image

VIEW = View(page="khmeimim", systems=("S-400",))


@cache
def bundle() -> bytes:
    where = context()
    address = "https://map.example.org/"
    return write_bundle(VIEW, where.store, where.evidence, address=address)


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def pack(files, **options) -> bytes:
    return zip_files(files.items(), **({"stored": ("",)} | options))


def faults(data: bytes) -> list[str]:
    return [str(fault) for fault in check_bundle(data).faults]


def test_bundle_holds_what_the_view_shows():
    files, where = unpack(bundle()), context()
    shown = select(VIEW.narrow_to_places(("khmeimim",)), where.store)
    claims = json.loads(files["claims.json"])
    assert [one["id"] for one in claims["claims"]] == list(shown.ids)
    records = {one.id: one for one in where.evidence.claims}
    assert [Claim.model_validate(one) for one in claims["claims"]] == [
        records[name] for name in shown.ids
    ]
    sources = [Source.model_validate(one) for one in json.loads(files["sources.json"])["sources"]]
    assert {one.id for one in sources} == set(shown.rows["source"])
    assert files["view.png"].startswith(b"\x89PNG")
    view = json.loads(files["view.json"])
    assert view["link"].startswith("https://map.example.org/khmeimim?")
    assert view["data_version"] == where.store.shared_version()
    assert view["counted"] == shown.report_count
    assert shown.report_count in files["README.txt"].decode()
    assert json.loads(files["sources.csl.json"])
    assert files["claims.csv"].count(b"\r\n") == shown.shown + 1


def test_manifest_names_every_file():
    files = unpack(bundle())
    listed = json.loads(files.pop(MANIFEST))["files"]
    assert {
        name: {"sha256": sha256(body).hexdigest(), "bytes": len(body)}
        for name, body in files.items()
    } == listed


def test_bundle_is_the_same_for_the_same_view_and_data(tmp_path):
    where = context()
    again = write_bundle(VIEW, where.store, where.evidence, address="https://map.example.org/")
    assert again == bundle()
    path = tmp_path / "bundle.zip"
    path.write_bytes(again)
    report = verify_bundle(path)
    assert report.sound
    assert report.sha256 == sha256(again).hexdigest() in str(report)
    assert report.counted in str(report)


@given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_any_changed_byte_is_found(where, change):
    data = bytearray(bundle())
    data[int(where * len(data))] ^= change
    report = check_bundle(bytes(data))
    assert not report.sound
    assert all(fault.why for fault in report.faults)


@given(where=st.floats(0, 1, exclude_max=True), added=st.binary(min_size=1, max_size=40))
def test_cut_off_and_lengthened_bundles_are_found(where, added):
    cut = int(where * len(bundle()))
    assert not check_bundle(bundle()[:cut]).sound
    assert not check_bundle(bundle() + added).sound
    assert not check_bundle(added + bundle()).sound
    assert not check_bundle(bundle()[:cut] + added + bundle()[cut:]).sound


def test_each_kind_of_fault_is_told_in_words():
    files = unpack(bundle())
    changed = files | {"claims.csv": files["claims.csv"].replace(b"S-400", b"S-300", 1)}
    assert faults(pack(changed)) == ["claims.csv: its content is not what the manifest says."]
    missing = {name: body for name, body in files.items() if name != "sources.bib"}
    assert faults(pack(missing)) == ["sources.bib: it is missing."]
    assert faults(pack(files | {"note.txt": b"more"})) == [
        "note.txt: it is extra: the manifest does not name it."
    ]
    renamed = {name.replace("view.png", "map.png"): body for name, body in files.items()}
    assert faults(pack(renamed)) == ["view.png: it was renamed to map.png."]
    assert faults(pack({k: v for k, v in files.items() if k != MANIFEST})) == [
        "manifest.json: it is missing, so nothing can be compared with it."
    ]
    with_copy = files | {f"copies/{'0' * 64}.pdf": b"%PDF-"}
    assert any("its name is not its SHA-256" in one for one in faults(pack(with_copy)))


def test_packed_again_is_found():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as again:
        for name, body in unpack(bundle()).items():
            again.writestr(name, body)
    assert faults(data.getvalue()) == [
        "The archive: every file is as the manifest says, but it was packed again or changed."
    ]
    assert any("it is compressed" in one for one in faults(pack(unpack(bundle()), stored=())))


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/passwd", "a/../../b", "copies/../../b", "C:\\evil", "a\\b", "a//b", ".x",
     "copies/", "a/b/c", "\x1b[31mred", "ü.txt", "a" * 200],
)  # fmt: skip
def test_name_that_leads_elsewhere_is_found(name):
    assert not is_safe_name(name)
    [fault] = faults(pack(unpack(bundle()) | {name: b"x"}))
    assert "leads out of the folder" in fault
    assert fault.isprintable()


def test_bomb_is_found_and_never_unpacked(monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("manifest.json", b" " * 50_000_000)
    assert any("it is compressed" in one for one in faults(bomb.getvalue()))
    data = bytearray(pack({"a": b"x"}))
    central = data.rindex(b"PK\x01\x02")
    for start in (18, central + 20):  # sizes in the local header, and in the directory
        data[start : start + 8] = (4_000_000_000).to_bytes(4, "little") * 2
    assert faults(bytes(data)) == [
        "The archive: its files would be larger than the archive: it may be a ZIP bomb."
    ]


def test_encrypted_file_and_repeated_name_are_found():
    data = bytearray(pack({"a": b"x"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert faults(bytes(data)) == ["a: it is encrypted; a bundle has no encrypted file."]
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zip_files([("a", b"x"), ("a", b"y")], stored=("",))
    assert faults(twice) == ["a: the name is there 2 times."]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"format": "x", "files": {}}', b"[" * 9999])
def test_other_manifests_are_faults(body):
    [fault] = faults(pack({MANIFEST: body}))
    assert fault.startswith("manifest.json: it ")


@pytest.mark.parametrize("listed", [None, 3, {}, {"sha256": 1}, {"sha256": "a", "bytes": 1}])
def test_manifest_of_odd_values_is_a_fault(listed):
    manifest = {"format": bundle_check.FORMAT, "files": {"a": listed}}
    found = faults(pack({MANIFEST: json.dumps(manifest).encode(), "a": b"x"}))
    assert "a: its content is not what the manifest says." in found


@given(st.binary(max_size=300))
def test_any_bytes_are_no_bundle(data):
    report = check_bundle(data, "x.zip")
    assert not report.sound
    assert str(report).startswith("x.zip: ")


def test_file_that_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    with pytest.raises(BundleError, match="cannot be read"):
        verify_bundle(tmp_path / "no.zip")
    monkeypatch.setattr(bundle_check, "MAX_BYTES", 3)
    (tmp_path / "big.zip").write_bytes(b"1234")
    with pytest.raises(BundleError, match="more than 3 bytes"):
        verify_bundle(tmp_path / "big.zip")


@pytest.fixture
def desk(tmp_path):
    person = Person("A. Author", frozenset({"reader", "author", "reviewer"}))
    ledger = FolderLedger(str(tmp_path / "ledger"))
    return Desk(ledger, builtin_evidence(), person, review_by_two=False)


def keep_image(desk, claim, data, *, may_publish):
    file = check_kept_file(data, "file", image=True)
    about = {"credit": "Nobody", "alt": "One colour", "licence": "CC0"}
    keep_claim_image(desk, claim, file, **about, may_publish=may_publish)


def bundle_of(desk, **options):
    evidence = desk.evidence()
    return write_bundle(VIEW, EvidenceStore(evidence), evidence, **options)


def test_bundle_has_copies_images_and_events_but_no_unpublished_draft(desk):
    keep_source_copy(desk, "nyt-2024-12-13", check_kept_file(PDF, "file"))
    keep_image(desk, "nyt-03", make_image("JPEG"), may_publish=True)
    keep_image(desk, "nyt-01", make_image("PNG"), may_publish=False)
    names = [("source", "nyt-2024-12-13"), ("claim", "nyt-03"), ("claim", "nyt-01")]
    desk.publish(names)
    shown = desk.evidence()
    keep_image(desk, "nyt-03", make_image("WEBP"), may_publish=True)  # a draft: for nobody else
    view = View(page="khmeimim")
    body = write_bundle(view, EvidenceStore(shown), shown, ledger=desk.ledger)
    assert check_bundle(body).sound
    files = unpack(body)
    digest = sha256(PDF).hexdigest()
    assert files[f"copies/{digest}.pdf"] == PDF
    jpeg, png = (sha256(make_image(kind)).hexdigest() for kind in ("JPEG", "PNG"))
    assert files[f"images/{jpeg}.jpg"] == make_image("JPEG")
    assert not any(png in name for name in files)
    readme = files["README.txt"].decode()
    assert f"SHA-256 {png}; it may not be published" in readme
    assert desk.ledger.head().hash in readme
    events = json.loads(files["events.json"])
    assert events["head"]["number"] == 5
    assert [one["number"] for one in events["events"]] == [1, 2, 3, 4]
    assert sha256(make_image("WEBP")).hexdigest() not in files["events.json"].decode()


def test_event_that_was_changed_is_found_even_if_the_manifest_fits(desk):
    keep_source_copy(desk, "nyt-2024-12-13", check_kept_file(PDF, "file"))
    desk.publish([("source", "nyt-2024-12-13")])
    files = unpack(bundle_of(desk, ledger=desk.ledger))
    events = files["events.json"].replace(b"A. Author", b"B. Author")
    manifest = json.loads(files[MANIFEST])
    manifest["files"]["events.json"]["sha256"] = sha256(events).hexdigest()
    forged = files | {"events.json": events, MANIFEST: json.dumps(manifest).encode()}
    assert "events.json: event 1 does not match its hash." in faults(pack(forged))


def test_bundle_of_an_earlier_state_has_what_was_kept_then(fresh_context, tmp_path):
    fresh_context(LEDGER_URL=str(tmp_path / "shared"))
    person = Person("A. Author", frozenset({"reader", "author", "reviewer"}))
    desk = Desk(FolderLedger(str(tmp_path / "shared")), builtin_evidence(), person)
    keep_source_copy(desk, "nyt-2024-12-13", check_kept_file(PDF, "file"))
    desk.publish([("source", "nyt-2024-12-13")])
    version = context().store.shared_version()
    keep_source_copy(desk, "nyt-2024-12-13", check_kept_file(HTML, "file"))
    desk.publish([("source", "nyt-2024-12-13")])
    where, names = context(), [f"copies/{sha256(one).hexdigest()}" for one in (PDF, HTML)]
    for view, name, count in ((replace(VIEW, as_of=version), names[0], 2), (VIEW, names[1], 4)):
        body = write_bundle(view, where.store, where.evidence, ledger=where.ledger)
        files = unpack(body)
        assert check_bundle(body).sound
        assert [one.partition(".")[0] for one in files if one.startswith("copies/")] == [name]
        events = json.loads(files["events.json"])
        assert events["head"]["number"] == len(events["events"]) == count
    assert json.loads(files["view.json"])["data_version"] != version


def test_drafts_and_layers_are_named_in_the_readme(desk):
    claim = next(one for one in desk.evidence().claims if one.id == "nyt-03")
    desk.draft(Records(claims=(claim.model_dump(mode="json") | {"note": "an example"},)))
    files = unpack(bundle_of(desk))
    assert "nyt-03: draft, not published." in files["README.txt"].decode()


def test_copy_that_is_not_kept_is_told(desk):
    keep_source_copy(desk, "nyt-2024-12-13", check_kept_file(PDF, "file"))
    files = unpack(bundle_of(desk))
    assert "is not in this ledger" in files["README.txt"].decode()
    assert json.loads(files["events.json"]) == {"head": None, "events": []}
