"""Files built to exhaust whoever examines them: they end in time, and nobody is told they pass."""

import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from signing.verdict import Verdict, Word
from signing.verifier import Limits, Verifier, verify
from tests.building.sealing import root
from tests.building.tampering import good

_LIMITS = Limits(seconds=5)
_TRAILER = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"


def _judge(pdf: bytes) -> Verdict:
    return verify(pdf, [root()], limits=_LIMITS)


def _codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def _file(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects with a right table."""
    out, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = max(objects) + 1
    rows = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    return out + table + _TRAILER % (size, len(out))


def _bomb() -> bytes:
    """Zeros of a gigabyte in a megabyte: the object stream that holds the catalogue."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    head = b"<< /Type /ObjStm /N 1 /First 5 /Length %d /Filter /FlateDecode >>stream\n"
    body = b"%PDF-1.7\n2 0 obj\n" + head % len(packed) + packed + b"\nendstream\nendobj\n"
    rows = b"\2" + (2).to_bytes(4) + b"\0" + b"\1" + (9).to_bytes(4) + b"\0"
    rows += b"\1" + len(body).to_bytes(4) + b"\0"
    table = (
        b"3 0 obj\n<< /Type /XRef /W [1 4 1] /Index [1 3] /Size 4 /Root 1 0 R /Length %d >>stream\n"
    )
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + table % len(rows) + rows + end


def _deep() -> bytes:
    """Arrays in arrays, deeper than any stack."""
    return _file({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"[" * 60_000 + b"]" * 60_000})


def _many() -> bytes:
    """An array of more objects than a letter of any size has."""
    body = b"[" + b"[]" * 400_000 + b"]"
    return _file({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: body})


def _slow() -> bytes:
    """A table of a million entries, again and again, each the one before the next."""
    rows = b"0000000009 00000 n \n" * 400_000
    pdf, previous = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", 0
    for _ in range(6):
        start = len(pdf)
        pdf += b"xref\n1 400000\n" + rows
        pdf += b"trailer\n<< /Size 400001 /Root 1 0 R /Prev %d >>\n" % previous
        pdf += b"startxref\n%d\n%%%%EOF\n" % start
        previous = start
    return pdf


@pytest.mark.parametrize("make", [_bomb, _deep, _many, _slow])
def test_a_file_built_to_exhaust_ends_within_the_limits_as_cannot_tell(make: object) -> None:
    assert callable(make)
    pdf = make()
    started = time.monotonic()
    verdict = _judge(pdf)
    assert time.monotonic() - started < 2 * _LIMITS.seconds + 2
    assert (verdict.word, _codes(verdict)) == (Word.UNKNOWN, ["too_demanding"])


@pytest.mark.parametrize(
    "objects",
    [
        {1: b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Parent 1 0 R >>"},
        {1: b"<< /Type /Catalog /AcroForm << /Fields [2 0 R] >> >>", 2: b"<< /Kids [2 0 R] >>"},
        {1: b"2 0 R", 2: b"1 0 R"},
        {1: b"<< /Type /Catalog >>", 2: b"<< /Length 2 0 R >>stream\nx\nendstream"},
    ],
    ids=["pages", "fields", "references", "lengths"],
)
def test_a_loop_ends_and_is_not_genuine(objects: dict[int, bytes]) -> None:
    verdict = _judge(_file(objects))
    assert verdict.word is not Word.GENUINE


def test_a_table_that_comes_before_itself_ends() -> None:
    pdf = _file({1: b"<< /Type /Catalog >>"})
    start = pdf.rindex(b"xref\n0")
    looped = pdf.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)
    assert _judge(looped).word is not Word.GENUINE


def test_of_a_file_of_a_gigabyte_no_more_is_read_than_is_examined(tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    with file.open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        os.truncate(stream.fileno(), 1 << 30)
    with Verifier([root()], limits=Limits(size=1 << 20)) as verifier:
        verdict = verifier.verify_file(file)
    assert (verdict.word, _codes(verdict)) == (Word.UNKNOWN, ["file_too_large"])


def test_the_next_file_is_examined_all_the_same() -> None:
    with Verifier([root()], limits=_LIMITS) as verifier:
        assert verifier.verify(_deep()).word is Word.UNKNOWN
        assert verifier.verify(good()).genuine


def test_the_examining_process_loads_nothing_that_it_does_not_need() -> None:
    """A file is examined in a hundredth of a second: what is loaded is what its user waits for."""
    heavy = {"pyhanko", "aiohttp", "structlog", "pydantic", "pikepdf", "PIL", "sqlalchemy"}
    shown = f"import signing.examiner, sys; print({heavy} & sys.modules.keys())"
    ended = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "set()\n"


def test_the_roots_of_time_stamps_reach_the_examining_process() -> None:
    with Verifier([root()], stamp_trust=[root("theirs")]) as verifier:
        assert verifier.verify(good()).genuine
