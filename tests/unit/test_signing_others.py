"""What is no letter of ours is not judged by our rules, and is named as what it is."""

import re
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from PIL import Image

from signing.examination import examine
from signing.verdict import Word
from tests.building.sealing import agency_key, plain_pdf, root
from tests.building.tampering import good, signed_again


def _told(file: bytes) -> tuple[Word, list[str]]:
    verdict = examine(file, (root(),))
    return verdict.word, [reason.code for reason in verdict.reasons]


def _picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, kind)
    return file.getvalue()


def _zipped(name: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(name, "<x/>")
    return file.getvalue()


def _scan() -> bytes:
    """A page with a picture on it, and nothing to read."""
    return _picture("PDF")


def _saved(pdf: bytes, **ways: object) -> bytes:
    file = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(file, **ways)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "file_empty"),
        (b" \n", "file_empty"),
        (_picture("PNG"), "file_is_picture"),
        (_picture("JPEG"), "file_is_picture"),
        (_picture("TIFF"), "file_is_picture"),
        (_zipped("OFD.xml"), "file_is_ofd"),
        (_zipped("word/document.xml"), "file_is_no_pdf"),
        ("一段文字".encode(), "file_is_no_pdf"),
        (_scan(), "file_is_scan"),
    ],
)
def test_what_holds_no_seal_that_could_be_judged_cannot_be_told(file: bytes, code: str) -> None:
    assert _told(file) == (Word.UNKNOWN, [code])


def test_a_file_that_others_signed_is_not_judged_while_it_is_whole() -> None:
    signed = signed_again(plain_pdf(), agency_key())
    assert _told(signed) == (Word.UNKNOWN, ["signed_in_another_form"])
    small = re.sub(rb"<[0-9A-F]{500,}>", lambda value: value[0].lower(), signed)
    assert small != signed
    assert _told(small) == (Word.UNKNOWN, ["signed_in_another_form"])
    assert _told(signed + b"% and more") == (Word.NOT_GENUINE, ["bytes_unaccounted"])


def test_an_unsigned_text_is_no_letter_whoever_wrote_the_file() -> None:
    with pikepdf.open(BytesIO(plain_pdf())) as pdf:
        pdf.pages[0].obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary())
        file = BytesIO()
        pdf.save(file)
    for written in (
        file.getvalue(),
        _saved(file.getvalue(), object_stream_mode=pikepdf.ObjectStreamMode.generate),
        _saved(file.getvalue(), linearize=True),
    ):
        assert _told(written) == (Word.NOT_GENUINE, ["not_signed"])


def test_what_claims_to_be_a_letter_is_judged_in_whatever_state_it_is() -> None:
    for file in (good()[1:], b"\x89PNG" + good(), good()[:-200], good()[300:], good() * 2):
        assert _told(file)[0] is Word.NOT_GENUINE
