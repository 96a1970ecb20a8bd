"""The envelope: strict in what is accepted, generous in what is read for a rejection."""

from typing import Any

import pytest

from schemas.parsing import Envelope, read_envelope
from tests.building.events import SOURCE
from tests.building.messages import GONE, faults_of, parsed, raw

KNOWN = {
    "source": SOURCE,
    "id": "430111-2026-000017-05",
    "type": "hanyin.repayment.recorded.v1",
    "subject": "430111-2026-000017",
    "agency": "430111",
    "case_no": "430111-2026-000017",
}


def known(envelope: Envelope) -> dict[str, Any]:
    return {name: getattr(envelope, name) for name in KNOWN}


def test_the_event_says_who_when_and_what() -> None:
    event = parsed("05").event
    assert (event.type, event.source, event.id) == ("repayment.recorded", SOURCE, KNOWN["id"])
    assert event.time.isoformat() == "2026-06-19T11:00:00+08:00"
    assert event.subject == event.data.case_no


def test_the_envelope_of_a_valid_event_is_read_whole() -> None:
    envelope = read_envelope(raw("05"))
    assert known(envelope) == KNOWN
    assert envelope.time == parsed("05").event.time


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"payer": "\\ud800"}',
        b'{"payer": "\x00"}',
        b"1" * 5000,
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"nonsense",
        b'"no end',
        b'{"deep": {"id": "inner", "case_no": "inner"}}',
    ],
)
def test_the_envelope_is_read_whatever_the_data_hold(data: bytes) -> None:
    head = b'{"id":"e1","source":"/a","type":"hanyin.x.y.v1","subject":"c1","data":'
    envelope = read_envelope(head + data)
    assert (envelope.id, envelope.source, envelope.subject) == ("e1", "/a", "c1")
    assert envelope.case_no is None


def test_what_follows_broken_data_is_read_as_far_as_brackets_agree() -> None:
    envelope = read_envelope(b'{"data": {"n": 01, "agency": "430111"}, "id": "e1"}')
    assert (envelope.agency, envelope.id) == ("430111", "e1")


@pytest.mark.parametrize(
    "message",
    [b"", b"[]", b'"id"', b"nonsense", b'["id", "e1"]', b'[{"id": "e1"}]', b'{"a": {"id": "e1"}}'],
)
def test_nothing_is_read_where_there_is_no_envelope(message: bytes) -> None:
    assert read_envelope(message) == Envelope()


@pytest.mark.parametrize("value", ['"a\\u0000b"', '"\\ud800"', "5", "null", '""', f'"{"x" * 201}"'])
def test_an_id_that_cannot_be_kept_as_text_is_not_read(value: str) -> None:
    assert read_envelope(f'{{"id": {value}, "source": "/a"}}'.encode()) == Envelope(source="/a")


def test_an_id_that_stands_twice_is_read_only_where_both_agree() -> None:
    assert read_envelope(b'{"id": "a", "id": "b", "id": "a"}').id is None
    assert read_envelope(b'{"id": "a", "id": "a"}').id == "a"


def test_escapes_in_names_and_values_are_read() -> None:
    assert read_envelope(b'{"\\u0069d": "\\u52a8{\\"}"}').id == '动{"}'


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"/specversion": "0.3"}, [("/specversion", "unknown_value")]),
        ({"/specversion": GONE}, [("/specversion", "missing")]),
        ({"/id": ""}, [("/id", "empty_text")]),
        ({"/id": 7}, [("/id", "wrong_type")]),
        ({"/id": "x" * 201}, [("/id", "too_long")]),
        ({"/source": "a b"}, [("/source", "source_format")]),
        ({"/source": None}, [("/source", "wrong_type")]),
        ({"/time": "2026-06-19T11:00:00"}, [("/time", "time_without_offset")]),
        ({"/time": "2026-06-31T11:00:00Z"}, [("/time", "time_format")]),
        ({"/time": "2026-06-19"}, [("/time", "time_format")]),
        ({"/time": 1781838000}, [("/time", "wrong_type")]),
        ({"/time": "0001-01-01T00:00:00+14:00"}, [("/time", "year_out_of_range")]),
        ({"/time": "9999-12-31T23:59:59-12:00"}, [("/time", "year_out_of_range")]),
        ({"/type": "hanyin.repayment.recorded.v2"}, [("/type", "unknown_type")]),
        ({"/type": "hanyin.repayment.recordet.v1"}, [("/type", "unknown_type")]),
        ({"/type": "repayment.recorded"}, [("/type", "unknown_type")]),
        ({"/subject": "430111-2026-000018"}, [("/subject", "subject_mismatch")]),
        ({"/datacontenttype": "text/xml"}, [("/datacontenttype", "unknown_value")]),
        ({"/data": GONE}, [("/data", "missing")]),
        ({"/data": []}, [("/data", "wrong_type")]),
        ({"/traceparent": "x"}, [("/traceparent", "unknown_field")]),
    ],
)
def test_the_strict_envelope_names_what_is_wrong(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert faults_of("05", changes) == expected


def test_the_type_of_the_content_may_be_left_out() -> None:
    assert faults_of("05", {"/datacontenttype": GONE}) == []


@pytest.mark.parametrize("name", ["31", "41", "42", "51", "52", "61"])
def test_the_later_steps_read_well_as_they_stand(name: str) -> None:
    assert faults_of(name, {}) == []


def test_the_data_of_another_type_do_not_pass() -> None:
    found = faults_of("05", {"/type": "hanyin.repayment.reversed.v1"})
    assert ("/data/amount", "unknown_field") in found
    assert ("/data/approved_by", "missing") in found


def test_a_wrong_envelope_and_wrong_data_are_told_together() -> None:
    changes = {"/time": "never", "/data/amount": 3, "/data/channel": "cash"}
    assert faults_of("05", changes) == [
        ("/time", "time_format"),
        ("/data/amount", "amount_not_string"),
        ("/data/channel", "unknown_value"),
    ]
