"""The text that a page shows, read from its content and its fonts' own maps (ISO 32000-1, 9.10).

pdfium reads a page as a viewer does and loads its fonts for it, which takes ten times as long. This
reads what Typst writes: fonts of two-byte codes with a /ToUnicode map, text in TJ arrays. Of other
files it reads less or nothing: what it does not find may still be there.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator, Mapping
from typing import Any

from pikepdf import Stream

#: a font is chosen; an array of strings is shown
_OPERATORS = re.compile(
    rb"(/[^\s/\[\]()<>{}%]+)\s+[\d.]+\s+Tf|\[((?:\((?:[^()\\]|\\.)*+\)|<[0-9A-Fa-f]*>|[-\d.\s])*+)\]\s*TJ",
    re.DOTALL,
)
_STRINGS = re.compile(rb"\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
#: a code and its characters in UTF-16, as a map lists them one by one
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,})>\s*[\r\n]")
_CODE = 2


def shown_text(page: Any) -> str:
    """The characters that ``page`` (pikepdf) shows, in its content's order, no white space.

    Raises pikepdf's errors, and ``ValueError`` for a font's map that is none.
    """
    content = page.get("/Contents")
    if not isinstance(content, Stream):
        return ""
    fonts = page.get("/Resources", {}).get("/Font", {})
    return "".join("".join(_shown(content.read_bytes(), fonts)).split())


def _shown(content: bytes, fonts: Any) -> Iterator[str]:
    maps: dict[bytes, Mapping[bytes, str]] = {}
    characters: Mapping[bytes, str] = {}
    for font, strings in _OPERATORS.findall(content):
        if font:
            if font not in maps:
                maps[font] = _map_of(fonts.get(font.decode("latin-1"), {}))
            characters = maps[font]
            continue
        for literal, digits in _STRINGS.findall(strings):
            codes = unhexlify(digits) if digits else _ESCAPE.sub(_character, literal)
            pairs = (codes[index : index + _CODE] for index in range(0, len(codes), _CODE))
            # what is in no map is no character that is looked for
            yield "".join(characters.get(pair, "\ufffd") for pair in pairs)


def _map_of(font: Any) -> Mapping[bytes, str]:
    if "/ToUnicode" not in font:
        return {}
    return {
        unhexlify(code): unhexlify(utf16).decode("utf-16-be")
        for code, utf16 in _MAPPED.findall(font.ToUnicode.read_bytes())
    }


def _character(found: re.Match[bytes]) -> bytes:
    octal, other = found.groups()
    if octal is not None:
        return bytes([int(octal, 8) & 0xFF])
    return _LETTERS.get(other, other)
