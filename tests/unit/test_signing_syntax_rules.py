"""Rules that back one another up: each refuses by itself, and says so in its own words."""

import pytest

from signing.syntax.document import read_document
from signing.syntax.values import Malformed
from tests.building.grammar import table, updated


def _refused(pdf: bytes) -> str:
    with pytest.raises(Malformed) as refused:
        read_document(pdf)
    return refused.value.why


def test_an_update_that_is_right_is_read() -> None:
    assert len(read_document(updated()).revisions) == 2


def test_a_number_twice_in_a_section_does_not_ascend() -> None:
    offset = updated().rindex(b"5 0 obj")
    assert _refused(updated(rows=table({5: offset}) * 2)) == "numbers that do not ascend"


def test_a_size_is_above_every_number() -> None:
    head, small, tail = updated().rpartition(b"/Size 6")
    assert small
    assert _refused(head + b"/Size 5" + tail) == "/Size is not above every number"


def test_an_object_twice_in_an_update_is_refused_whatever_the_section_says() -> None:
    again = updated(bodies=[b"5 0 obj\n<< /Kind /Other >>\nendobj\n"])
    assert _refused(again) == "a number stands twice in a revision"
