import pandas as pd
import pytest

from geo.evidence.coverage import NO_DATA, REPORTED, SEEN, tabulate_coverage


@pytest.fixture(scope="module")
def one(claims):
    """Return coverage of a few claims as {(place, ISO day): (status, kinds)}."""

    def table(*ids, **changes):
        rows = claims[claims["id"].isin(ids)].assign(**changes)
        found = tabulate_coverage(rows)
        return {
            (row.place, f"{row.day:%Y-%m-%d}"): (row.status, row.kinds)
            for row in found.itertuples()
        }

    return table


def test_coverage_has_a_row_for_each_place_and_day(claims):
    table = tabulate_coverage(claims)
    days = (pd.Timestamp("2025-01-29") - pd.Timestamp("2024-12-03")).days + 1
    assert len(table) == days * 4
    assert not table.duplicated(["place", "day"]).any()
    assert set(table["status"]) == {SEEN, REPORTED, NO_DATA}
    assert ((table["status"] == "no data") == (table["kinds"].str.len() == 0)).all()


def test_dated_image_counts_as_seen_on_that_day_only(one):
    table = one("nyt-01", "s400-11")
    assert table["khmeimim", "2024-12-12"] == ("seen", ["drone footage"])
    assert table["khmeimim", "2024-12-13"] == ("seen", ["satellite imagery"])


def test_days_between_two_images_have_no_data(one):
    table = one("ext-02", "ext-01a")
    assert [status for status, _ in table.values()] == ["seen", "no data", "seen"]


def test_date_range_is_reported_on_each_day_and_never_seen(one):
    table = one("nyt-14")
    assert len(table) == 6
    assert set(map(str, table.values())) == {"('reported', ['satellite imagery'])"}


def test_claim_dated_by_a_day_is_reported_on_that_day(one):
    assert one("s400-17") == {("tartus", "2024-12-13"): ("reported", ["satellite imagery"])}


def test_dated_statement_is_reported_on_its_day(one):
    assert one("s400-21") == {("khmeimim", "2024-12-13"): ("reported", ["social post"])}


def test_vicinity_counts_as_seen_for_a_route_but_not_for_a_site(one):
    assert one("nyt-05")["convoy-damascus-homs", "2024-12-13"][0] == "seen"
    assert one("ext-16")["tartus", "2024-12-16"] == ("reported", ["photo"])


def test_background_and_undated_claims_are_not_counted(one):
    assert one("ext-27a", "nyt-10") == {}


def test_stated_gap_counts_as_no_data(one):
    assert [status for status, _ in one("nyt-08").values()] == ["no data"]


def test_direct_evidence_at_a_distance_counts_as_seen(one):
    assert one("ext-03a") == {("tartus-offshore", "2024-12-09"): ("seen", ["satellite imagery"])}
    assert one("ext-22b")["tartus-offshore", "2025-01-05"][0] == "reported"


def test_seen_outranks_reported_and_all_kinds_are_listed(one):
    table = one("nyt-01", "s400-21", "s400-24")
    kinds = ["article's own reading", "satellite imagery", "social post"]
    assert table == {("khmeimim", "2024-12-13"): ("seen", kinds)}


def test_coverage_of_no_claims_is_empty_with_its_columns(claims):
    table = tabulate_coverage(claims.iloc[:0])
    assert list(table.columns) == ["place", "day", "status", "kinds"]
    assert table.empty
    assert table["day"].dtype == "datetime64[ms]"


def test_coverage_does_not_change_its_argument(claims):
    before = claims.copy(deep=True)
    tabulate_coverage(claims)
    pd.testing.assert_frame_equal(pd.DataFrame(claims), pd.DataFrame(before))
