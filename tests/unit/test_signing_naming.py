"""The number that a seal names, and what it says of its signer, read from the bytes alone."""

import pytest

from signing.naming import number_named
from signing.statement import number_stated, read_statement
from tests.building.sealing import (
    AT,
    NAME,
    NUMBER,
    elliptic_key,
    plain_pdf,
    rendered,
    sealed,
    sealed_by,
    sealer,
)
from tests.building.workshop import plainly_sealed

HEX = NUMBER.encode("utf-16-be").hex()


def test_the_number_is_the_one_that_was_sealed() -> None:
    assert number_named(sealed().content) == NUMBER
    assert number_named(sealed_by(elliptic_key())) == NUMBER
    assert number_stated(sealed().content) == number_stated(sealed_by(elliptic_key())) == NUMBER


@pytest.mark.parametrize(
    "number", ["稽（(\\)）字〔2026〕第1号", "稽\r\n字〔2026〕第2号", "A〔2026〕第3号"]
)
def test_whatever_the_number_is_made_of(number: str) -> None:
    made = sealer().seal(rendered(), document_number=number, at=AT)
    assert number_named(made.content) == number_stated(made.content) == number
    assert number_named(plainly_sealed(b"%PDF", number)) == number


@pytest.mark.parametrize(
    ("reason", "number"),
    [
        (b"/Reason <feff7b7e53d10020" + HEX.encode() + b">", NUMBER),
        (b"/Reason (\\376\\377\\173\\176S\\321\\000 \\0001)", "1"),
        (b"/Reason (\xfe\xff{~S\xd1\x00 \x00\\(\x00\\\\\x00\\))", "(\\)"),
        (b"/Reason (\xfe\xff{~S\xd1\x00 \x001\\\n\x002)", "12"),
        # none, two, another word, no end, no digits
        (b"", None),
        (b"/Reason <feff7b7e53d1002000310032> /Reason <feff7b7e53d100200031>", None),
        (b"/Reason (Approved)", None),
        (b"/Reason (\xfe\xff{~S\xd1\x00 \x001", None),
        (b"/Reason <feffzz>", None),
    ],
)
def test_a_reason_is_read_as_it_is_spelt(reason: bytes, number: str | None) -> None:
    assert number_named(plainly_sealed(b"%PDF", "", reason)) == number


def test_what_stands_outside_the_seal_is_not_read() -> None:
    other = b"1 0 obj\n<< /Reason <feff7b7e53d1002000390039> >>\nendobj\n"
    assert number_named(plainly_sealed(b"%PDF\n" + other, NUMBER)) == NUMBER


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        plain_pdf(),
        b"/ByteRange [0 1 2 3] " * 3,
        sealed().content.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        sealed().content[:-200],
    ],
)
def test_a_file_without_a_plain_seal_names_nothing(spoilt: bytes) -> None:
    assert number_named(spoilt) is None
    assert read_statement(spoilt) is None


def test_a_seal_says_who_signed_and_whether_the_bytes_are_those_that_were_signed() -> None:
    says = read_statement(sealed().content)
    assert says is not None
    assert (says.number, says.intact) == (NUMBER, True)
    assert NAME in says.subject.rfc4514_string()


def test_a_file_whose_bytes_were_changed_is_not_what_was_signed() -> None:
    changed = read_statement(sealed().content.replace(b"20260305010203Z", b"20260305010204Z"))
    assert changed is not None
    assert not changed.intact


def test_a_container_that_cannot_be_read_says_nothing() -> None:
    assert read_statement(plainly_sealed(b"%PDF", NUMBER)) is None
