"""Corroboration counts independent origins of evidence, not articles."""

import datetime as dt

from geo.app_context import context
from geo.corroboration import group_reports
from geo.selection import select
from geo.view import View


def found(**filters):
    return {group.thing: group for group in group_reports(select(View(**filters), context().store))}


def test_two_articles_on_one_image_are_not_independent():
    ka52 = found()["Ka-52"]
    assert ka52.claims == ("nyt-02", "s400-10")
    assert len(ka52.sources) == 2
    assert ka52.origins == ("maxar-2024-12-13",)
    assert not ka52.independent


def test_image_and_post_are_independent_origins():
    s400 = found()["S-400"]
    assert set(s400.claims) == {"nyt-03", "s400-07", "s400-21"}
    assert len(s400.origins) == 2
    assert s400.independent


def test_claims_of_a_single_source_are_not_grouped():
    assert "Su-34" not in found()
    assert "military equipment" not in found()


def test_corroboration_follows_the_filters():
    assert found(date_from=dt.date(2024, 12, 12), date_to=dt.date(2024, 12, 12)) == {}
    assert set(found(systems=("Ka-52",))) == {"Ka-52"}


def test_wider_reports_on_the_same_image_add_no_origin():
    ka52 = found(sources="all")["Ka-52"]
    assert len(ka52.claims) > 2
    assert "maxar-2024-12-13" in ka52.origins
