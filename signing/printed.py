"""The number that a letter's page shows, held against the one that its signature names."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2

from schemas.codes import Problem
from signing.verdict import Refused, Verdict, Word

#: the end of a number as it is printed, spaced as a layout spaces it: 〔2026〕第 12 号
_NUMBER = re.compile(r"〔\s*[1-9](?:\s*[0-9]){3}\s*〕\s*第\s*[1-9](?:\s*[0-9]){0,8}\s*号")
#: what may stand before a number on a line of its own
_LABEL = re.compile(r"\s*(?:[^\s:]{1,6}:)?\s*")
#: pages that are looked through for the first number; it is on the first in every kind of letter
_PAGES = 20


def held_against_page(verdict: Verdict, pdf: bytes) -> Verdict:
    """The verdict, where the page shows the number that the signature names.

    *Not genuine* where it shows another one, with a remark where it shows none. What was not
    genuine, or names no number, stays as it was.
    """
    if verdict.word is Word.NOT_GENUINE or verdict.number is None:
        return verdict
    try:
        is_printed = require_printed(pdf, verdict.number)
    except Refused as refused:
        return Verdict.not_genuine(refused.code)
    if is_printed:
        return verdict
    remark = Problem.of("", "number_not_printed")
    return replace(verdict, remarks=(*verdict.remarks, remark))


def require_printed(pdf: bytes, number: str) -> bool:
    """Whether a number is found on a page at all; ``Refused`` where it is another than ``number``.

    A letter bears its number before any other that it cites, or alone on a line; the first page
    with a number counts. ``Refused`` (pdf_malformed) too where PDFium cannot read the file.
    """
    for text in _texts(pdf):
        first = _NUMBER.search(text)
        if first is None:
            continue
        if not any(
            each.end() == first.end() or _is_alone(each, text) for each in _own(number, text)
        ):
            raise Refused("number_contradicted")
        return True
    return False


def _texts(pdf: bytes) -> Iterator[str]:
    """What each page says, in the file's order; look-alikes of a character are that character.

    PDF/A programs write radicals and compatibility ideographs where a font has one glyph for both.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            for index in range(min(len(document), _PAGES)):
                text = document[index].get_textpage().get_text_range()
                yield unicodedata.normalize("NFKC", text)
    except pypdfium2.PdfiumError:
        raise Refused("pdf_malformed") from None


def _own(number: str, text: str) -> Iterator[re.Match[str]]:
    """Where ``text`` has ``number``, however it is spaced; nowhere, where that is no number.

    Nothing is before it that could belong to its series.
    """
    signs = unicodedata.normalize("NFKC", number)
    if _NUMBER.search(signs):
        spaced = r"\s*".join(map(re.escape, signs))
        yield from re.finditer(rf"(?<![^\s:]){spaced}", text)


def _is_alone(found: re.Match[str], text: str) -> bool:
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    after = text[found.end() :].partition("\n")[0]
    return _LABEL.fullmatch(before) is not None and not after.strip()
