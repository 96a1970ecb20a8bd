"""A file from a batch holds its own letter, all of it, and nothing of another.

What is read is the file as it was written, by a library that had no part in the writing.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pikepdf import Stream

from rendering.composing import Body
from rendering.finishing import SEAL_FROM, SEAL_TO, as_unsound, broken, destinations_of, plain_name
from rendering.pdf import PdfFile

#: what the file's information may name
_INFORMATION = frozenset({"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"})
#: a line of a ToUnicode map: a code and the characters it stands for, UTF-16
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<((?:[0-9A-Fa-f]{4})+)>")
#: in a page's content: a font is taken, codes are drawn with it
_DRAWN = re.compile(rb"/(\S+) [-0-9.]+ Tf|<([0-9A-F]+)>")


def demand_own(file: PdfFile, body: Body, *, title: str, number: str) -> None:
    """``file`` says what ``body`` says, character by character, with ``number`` in one piece.

    No glyph of its fonts is mapped to a character that it does not print, and no destination or
    description is another letter's. Raises ``ProductionFailed`` rendering_unsound.
    """
    with as_unsound():
        _demand_description(file, title)
        characters = _characters(file)
        text = "".join(map(_said, file.pages, characters))
        _demand_text(text, body, len(file.pages))
        if "".join(number.split()) not in text:
            raise broken("the letter's number is not in it")
        _demand_glyphs(characters, text)


def _demand_description(file: PdfFile, title: str) -> None:
    information = file.pdf.docinfo
    names = {plain_name(name) for name in destinations_of(file)}
    if str(information.get("/Title")) != title or set(information.keys()) - _INFORMATION:
        raise broken("another letter's description")
    if names - {SEAL_FROM, SEAL_TO} or "/Outlines" in file.pdf.Root:
        raise broken("another letter's destinations")


def _demand_text(text: str, body: Body, pages: int) -> None:
    own, found = Counter("".join(body.text.split())), Counter(text)
    if own - found:
        raise broken("something of the letter is not in it")
    if found - own - _margins(body, pages):
        raise broken("something is in it that the letter does not say")


def _margins(body: Body, pages: int) -> Counter[str]:
    """The most that headers and footers may print on so many pages."""
    words = Counter(character for character in body.around if not character.isdigit())
    most = Counter({character: count * pages for character, count in words.items()})
    return most + Counter("".join(map(str, range(1, pages + 1))))


class _Characters(dict[int, str]):
    """A font's codes and the characters that their glyphs stand for."""

    def __missing__(self, code: int) -> str:
        # no LookupError, which str.translate takes for "leave it as it is"
        raise ValueError("a glyph that stands for no character")


def _said(page: Any, fonts: Mapping[str, _Characters]) -> str:
    """The text that the page draws, white space taken out; ValueError for an unknown code."""
    words: list[str] = []
    known = _Characters()
    for font, codes in _DRAWN.findall(page.Contents.read_bytes()):
        if font:
            known = fonts["/" + font.decode("ascii")]
        else:
            words.append(bytes.fromhex(codes.decode("ascii")).decode("latin-1").translate(known))
    return "".join("".join(words).split())


def _characters(file: PdfFile) -> list[dict[str, _Characters]]:
    """The fonts of each page by their names, each read once."""
    read: dict[tuple[int, int], _Characters] = {}
    for fonts in file.fonts():
        for font in fonts.values():
            if not font.is_indirect:
                raise broken("a font is no object of its own")
            if font.objgen not in read:
                read[font.objgen] = _mapped(font.get("/ToUnicode"))
    return [{name: read[font.objgen] for name, font in fonts.items()} for fonts in file.fonts()]


def _mapped(unicode: Any) -> _Characters:
    if not isinstance(unicode, Stream):
        raise broken("a font does not tell its characters")
    return _Characters(
        (int(code, 16), bytes.fromhex(text.decode("ascii")).decode("utf-16-be"))
        for code, text in _MAPPED.findall(unicode.read_bytes())
    )


def _demand_glyphs(pages: Sequence[Mapping[str, _Characters]], text: str) -> None:
    told = {character for fonts in pages for each in fonts.values() for character in each.values()}
    if set("".join("".join(told).split())) - set(text):
        raise broken("a glyph of another letter is in its fonts")
