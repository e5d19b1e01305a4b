"""The panel of the stage uses its room for questions."""

from geo.export.stage import build_presentation
from tests.support.stage import deck


def test_the_first_slide_shows_two_of_its_questions_on_a_projector():
    found = build_presentation(deck())
    wide = next(one for one in found["plans"] if one["width"] == 100)
    assert wide["scenes"][0]["questions"] >= 2
