"""Kept files are served only to whoever sees their record, and a browser runs nothing in them."""

from hashlib import sha256

import pytest
from starlette.applications import Starlette

from geo.app_context import context
from geo.evidence import builtin_evidence
from geo.ledger import Desk, FolderLedger, make_person
from geo.ledger.kept import keep_claim_image, keep_source_copy
from geo.media import check_kept_file
from geo.server.routes import middleware, routes
from tests.support.asgi_client import get
from tests.unit.test_media import PDF, make_image

SCRIPT = b"<!doctype html><script>alert(1)</script><p>An example, which no source wrote."
USNI, NYT, TASS = "wider-usni-2024-12-10", "nyt-2024-12-13", "wider-tass-2021-05-27"


def address(data: bytes) -> str:
    return f"/copies/{sha256(data).hexdigest()}"


@pytest.fixture
def desk(fresh_context, tmp_path):
    ledger = FolderLedger(str(tmp_path / "ledger"))
    fresh_context(LEDGER_URL=str(tmp_path / "ledger"))
    return Desk(ledger, builtin_evidence(), make_person("A. Author"))


@pytest.fixture
def app(desk):
    for source, data in ((USNI, SCRIPT), (NYT, PDF)):
        keep_source_copy(desk, source, check_kept_file(data, "file"))
    image = check_kept_file(make_image(), "file", image=True)
    about = {"credit": "Nobody: an example", "alt": "One colour", "licence": None}
    keep_claim_image(desk, "nyt-01", image, **about, may_publish=False)
    desk.publish([("source", USNI), ("source", NYT), ("claim", "nyt-01")])
    return Starlette(routes=routes(), middleware=middleware)


@pytest.mark.parametrize(
    ("data", "kind", "kept_as"),
    [
        (SCRIPT, "application/octet-stream", f'attachment; filename="{USNI}.html"'),
        (PDF, "application/pdf", f'attachment; filename="{NYT}.pdf"'),
        (make_image(), "image/png", 'inline; filename="nyt-01.png"'),
    ],
)
def test_kept_file_is_sent_as_it_was_kept_and_sandboxed(app, data, kind, kept_as):
    answer = get(app, address(data))
    assert (answer.status, answer.kind, answer.body) == (200, kind, data)
    assert answer.headers["content-disposition"] == kept_as
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "allow-" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"].startswith("private")
    assert "set-cookie" not in answer.headers
    again = get(app, address(data), if_none_match=answer.headers["etag"])
    assert (again.status, again.sent) == (304, b"")


def test_file_that_no_visible_record_names_is_a_404(app, desk):
    unnamed = make_image("JPEG")
    desk.ledger.keep_copy(unnamed, "image/jpeg")
    draft = b"%PDF-1.4\nof a draft\n%%EOF"
    keep_source_copy(desk, TASS, check_kept_file(draft, "file"))
    for one in (address(unnamed), address(draft), f"/copies/{'0' * 64}", "/copies/x", "/copies/",
                "/copies/%2e%2e%2fevents", f"{address(PDF)}/x"):  # fmt: skip
        answer = get(app, one)
        assert answer.status == 404, one
        assert answer.kind == "application/json"
    desk.publish([("source", TASS)])
    assert get(app, address(draft)).status == 200


def test_file_is_sent_with_a_link_to_the_state_that_names_it(app, desk):
    version = context().store.shared_version()
    new = make_image("JPEG")
    keep_source_copy(desk, NYT, check_kept_file(new, "file"))
    desk.publish([("source", NYT)])
    assert get(app, address(new)).status == 200
    assert get(app, address(PDF)).status == 404
    assert get(app, f"{address(PDF)}?as_of={version}").body == PDF
    assert get(app, f"{address(new)}?as_of={version}").status == 404
    assert get(app, f"{address(new)}?as_of=nothing").status == 400


def test_changed_file_is_not_sent(app, desk, tmp_path):
    [kept] = (tmp_path / "ledger").rglob(sha256(PDF).hexdigest())
    kept.write_bytes(PDF + b"changed")
    answer = get(app, address(PDF))
    assert answer.status == 503
    assert "was changed" in answer.json["error"]
    assert str(tmp_path) not in answer.json["error"]


def test_without_a_ledger_nothing_is_kept(fresh_context):
    fresh_context(LEDGER_URL="")
    app = Starlette(routes=routes(), middleware=middleware)
    assert get(app, address(PDF)).status == 404
