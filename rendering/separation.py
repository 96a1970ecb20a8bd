"""A file from a batch holds its own letter, all of it, and nothing of another."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from rendering.composing import Body
from rendering.finishing import SEAL_FROM, SEAL_TO, broken, plain_name
from rendering.pdf import PdfFile

#: what pdfium reads for a hyphen at a line's end
_CUT = "\ufffe"
#: what the file's information may name
_INFORMATION = frozenset({"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"})
#: a line of a ToUnicode map: a glyph and the characters it stands for, UTF-16
_MAPPED = re.compile(rb"<[0-9A-Fa-f]+>\s*<((?:[0-9A-Fa-f]{4})+)>")


def demand_own(file: PdfFile, body: Body, *, title: str) -> None:
    """``file`` says what ``body`` says, character by character.

    No glyph of its fonts is mapped to a character that it does not print, and no destination or
    description is another letter's. Raises ``ProductionFailed`` rendering_unsound.
    """
    try:
        _demand_description(file.reader, title)
        text = file.text.replace(_CUT, "-")
        _demand_text(text, body, len(file.reader.pages))
        _demand_glyphs(file.reader, text)
    except (PyPdfError, KeyError, ValueError, AttributeError) as error:
        raise broken(type(error).__name__) from error


def _demand_description(reader: PdfReader, title: str) -> None:
    information: Mapping[str, Any] = reader.metadata or {}
    names = {plain_name(name) for name in reader.named_destinations}
    if information.get("/Title") != title or set(information) - _INFORMATION:
        raise broken("another letter's description")
    if names - {SEAL_FROM, SEAL_TO} or reader.outline:
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


def _demand_glyphs(reader: PdfReader, text: str) -> None:
    printed = set(text)
    for page in reader.pages:
        for characters in _mapped(page):
            if not set("".join(characters.split())) <= printed:
                raise broken("a glyph of another letter is in its fonts")


def _mapped(page: Any) -> Iterator[str]:
    """The characters that the glyphs of the page's fonts stand for."""
    fonts = page.get("/Resources", DictionaryObject()).get_object().get("/Font", {})
    for name in fonts.get_object() if hasattr(fonts, "get_object") else fonts:
        unicode = fonts[name].get_object().get("/ToUnicode")
        if unicode is None:
            raise broken("a font does not tell its characters")
        for match in _MAPPED.finditer(unicode.get_object().get_data()):
            yield bytes.fromhex(match[1].decode("ascii")).decode("utf-16-be")
