"""Names of people: one person stays one, however the name is typed."""

import pytest

from geo.ledger import make_person
from geo.ledger.people import NOBODY
from geo.text.names import fold_person, is_same_person

NAME = "Zoë Müller"


@pytest.mark.parametrize(
    "typed",
    [
        *("ZOË MÜLLER", "  zoë   müller ", "Zoe\u0308 Mu\u0308ller", "Zoë\u00a0Müller"),
        *("Zoë\tMüller", "Zoë\u2003Müller", "Ｚｏë Müller", "Zoë Müller\u200b"),
        *("Zoë Mü\u00adller", "\u202eZoë Müller", "Zoë Müller\x00", "Zoë \u2060Müller"),
        *("Zoë Müller\ufe0f", "Zoë\u034f Müller", "Zoë Müller\u3164", "Zoë Müller\U000e0100"),
        *("Zo\u034fe\u0308 Müller",),
    ],
)
def test_what_nobody_sees_makes_no_other_person(typed):
    assert is_same_person(typed, NAME)


@pytest.mark.parametrize("other", ["Zoe Müller", "ZoëMüller", "Zoë Müller 2", "", "Zoë"])
def test_another_name_is_another_person(other):
    assert not is_same_person(other, NAME)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\x00", "\u3164 \ufe0f"])
def test_name_of_which_nothing_is_seen_is_nobody(name):
    assert fold_person(name) == ""
    assert make_person(name) == NOBODY
