"""Bytes that come from outside: what is refused before any rule is looked at."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Invalid
from schemas.parsing import canonical, check, digest, parse
from schemas.reading import DEPTH_LIMIT, SIZE_LIMIT, read_json
from tests.building.events import example
from tests.building.messages import faults, faults_of, raw

PLAIN = raw("05")


def test_a_message_of_the_largest_size_is_read_and_one_byte_more_is_not() -> None:
    assert faults(PLAIN.ljust(SIZE_LIMIT)) == []
    assert faults(PLAIN.ljust(SIZE_LIMIT + 1)) == [("", "too_large")]


@pytest.mark.parametrize("message", [b"\xff{}", b"\xef\xbb\xbf\xff", PLAIN.decode().encode("gbk")])
def test_bytes_that_are_not_utf_8_are_refused(message: bytes) -> None:
    assert faults(message) == [("", "not_utf8")]


@pytest.mark.parametrize("message", [b"", b"{", b"'a'", b"{} {}", b'{"a":1,}', b"\xef\xbb\xbf{}"])
def test_text_that_is_not_json_is_refused(message: bytes) -> None:
    assert faults(message) == [("", "not_json")]


def test_utf_16_is_refused() -> None:
    assert faults(PLAIN.decode().encode("utf-16")) == [("", "not_utf8")]


@pytest.mark.parametrize("message", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_json_that_is_no_object_is_refused(message: bytes) -> None:
    assert faults(message) == [("", "wrong_type")]


@pytest.mark.parametrize("brackets", [b"[", b'{"a":'])
def test_nesting_of_any_depth_is_refused_without_exhausting_the_stack(brackets: bytes) -> None:
    assert faults(brackets * 100_000) == [("", "too_deep")]


def test_brackets_inside_strings_do_not_count_as_depth() -> None:
    facts = '"[' * 4000 + "\\" * 100
    assert faults_of("01", {"/data/facts": facts}) == []


def test_the_deepest_level_is_still_read() -> None:
    deep = b"[" * (DEPTH_LIMIT - 1) + b"]" * (DEPTH_LIMIT - 1)
    found = faults(PLAIN[:-1] + b',"more":' + deep + b"}")
    assert found == [("/more", "unknown_field")]


def test_a_member_that_stands_twice_is_refused_wherever_it_stands() -> None:
    twice = PLAIN.replace(b'"payer":', b'"amount": "1.00", "payer":')
    assert faults(twice) == [("/data", "duplicate_member")]
    assert faults(PLAIN[:-1] + b', "id": "other"}') == [("", "duplicate_member")]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "9007199254740992", "1" * 5000]
)
def test_numbers_that_no_two_readers_agree_on_are_refused(number: str) -> None:
    message = PLAIN.replace(b'"1465.30"', number.encode())
    assert ("/data/amount", "number_range") in faults(message)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\\u0000", "control_character"),
        ("\\u001b[31m", "control_character"),
        ("\\n", "control_character"),
        ("\\u200b", "control_character"),
        ("\\ufeff", "control_character"),
        ("\\u2028", "control_character"),
        ("\\uffff", "control_character"),
        ("\\u202e", "bidi_control"),
        ("\\u2067", "bidi_control"),
        ("\\ud800", "lone_surrogate"),
        ("\\udc00\\ud800", "lone_surrogate"),
    ],
)
def test_characters_that_are_not_seen_are_refused_in_any_text(text: str, code: str) -> None:
    message = raw("01").replace("经与民政".encode(), f"经与{text}民政".encode())
    assert faults(message) == [("/data/facts", code)]
    message = raw("01").replace('"刘德厚"'.encode(), f'"刘德{text}厚"'.encode())
    assert ("/data/party/name", code) in faults(message)


def test_raw_control_characters_are_refused_with_their_place() -> None:
    assert faults(PLAIN.replace(b"CZZH-", b"CZZH\x01")) == [
        ("/data/receipt_no", "control_character")
    ]


@pytest.mark.parametrize("name", ["\\u0000", "a\\u202eb", "\\ud800", "x" * 101])
def test_a_members_name_that_cannot_be_shown_is_refused_at_its_object(name: str) -> None:
    message = PLAIN.replace(b'"payer":', f'"{name}": 1, "payer":'.encode())
    assert faults(message) == [("/data", "member_name")]


def test_a_pair_of_surrogates_is_one_character() -> None:
    message = raw("21")
    assert b"\\ud840" not in message
    escaped = json.dumps(json.loads(message)).encode()
    assert b"\\ud840" in escaped
    assert parse(escaped).event == parse(message).event


def test_the_problems_that_are_listed_have_an_end() -> None:
    data = {f"x{number}": number for number in range(5000)}
    found = faults_of("05", {"/data": data})
    assert len(found) < 110
    assert found[-1] == ("", "more_problems")


def test_content_is_compared_without_regard_to_order_spaces_and_escapes() -> None:
    document = example("01")
    again = json.dumps(dict(reversed(document.items())), indent=3).encode()
    assert canonical(again) == canonical(raw("01"))
    assert digest(again) == digest(raw("01")) == parse(again).sha256


def test_other_content_has_another_digest() -> None:
    assert digest(raw("05")) != digest(raw("05", {"/data/amount": "1465.31"}))


def test_what_has_no_canonical_form_is_told_by_its_bytes() -> None:
    with pytest.raises(Invalid):
        canonical(b"{")
    assert digest(b"{") != digest(b"{{")


def test_canonical_form_is_that_of_rfc_8785() -> None:
    assert canonical(b'{"\\u20ac": 1.0, "b": [1e2, "\\u00e9"], "A": null}') == (
        '{"A":null,"b":[100,"é"],"€":1}'.encode()
    )


@dataclass
class _Pairs:
    """The members of an object, in which a name may stand twice."""

    pairs: list[tuple[str, object]]


#: names and values with something to be found in them: hidden, too long, out of range
_odd_texts = st.sampled_from(["", "a", "名", "\u202e", "\x00", "a" * 101, "\\", "\ue000"])
_values = st.recursive(
    st.sampled_from([None, True, 1, 2**53, 10**30, 1.5, 1e308]) | _odd_texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(st.tuples(_odd_texts, inner), max_size=3).map(_Pairs)
    ),
    max_leaves=8,
)


def _written(value: object, *, ascii_only: bool) -> str:
    if isinstance(value, _Pairs):
        members = (
            f"{json.dumps(name, ensure_ascii=ascii_only)}:{_written(part, ascii_only=ascii_only)}"
            for name, part in value.pairs
        )
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(part, ascii_only=ascii_only) for part in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


@given(value=_values, ascii_only=st.booleans())
def test_what_is_found_does_not_depend_on_how_a_message_is_laid_out(
    value: object, *, ascii_only: bool
) -> None:
    text = _written(value, ascii_only=ascii_only)
    # a line feed makes the text one whose every string is looked at
    assert read_json(text.encode()) == read_json(f"{text}\n".encode())


def test_a_valid_event_is_checked_as_it_is_parsed() -> None:
    for name in ("01", "02", "05", "21", "42"):
        parsed, checked = parse(raw(name)), check(raw(name))
        assert (checked.type, checked.warnings) == (parsed.event.type, parsed.warnings)


def test_an_invalid_event_has_the_same_problems_however_it_is_looked_at() -> None:
    event = example("05") | {"subject": "other", "more": 1}
    wrong = json.dumps(event).encode()
    with pytest.raises(Invalid) as looked_at:
        check(wrong)
    assert faults(wrong) == [(p.pointer, p.code) for p in looked_at.value.problems] != []
