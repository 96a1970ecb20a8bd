"""What strings may hold: names by GB 11643's neighbours in practice, free text without traps.

Unicode's Han blocks are listed here, since the interpreter's own tables may be older than
extensions H, I and J.
"""

import re
import unicodedata

#: unified Han ideographs by block: URO, extension A, B to F and I, G, H, J
UNIFIED_HAN_RANGES = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5D),
    (0x30000, 0x33479),
)
#: with those that are kept for other standards: compatibility ideographs and their supplement
HAN_RANGES = (*UNIFIED_HAN_RANGES, (0xF900, 0xFAD9), (0x2F800, 0x2FA1D))
#: 々 repeats the character before it; 〇 is written in names as zero.
HAN_SIGNS = "\u3005\u3007"
#: what may stand between the letters of a name: · of minority names, and foreigners' marks
NAME_MARKS = "\u00b7 '\u2019-."
#: dots that input methods and fonts offer where \u00b7 is meant: bullets, katakana, hyphenation and
#: multiplication dots, Greek, Georgian, Avestan and sinological ones, full stops of full width
WRONG_DOTS = (
    "\u02d9\u0387\u1427\u2022\u2023\u2024\u2027\u2043\u2218\u2219\u22c5\u25aa\u25cf\u25e6\u2981\u2e30\u2e31"
    "\u2e33\u3002\u30fb\ua78f\ufe52\uff0e\uff61\uff65\U00010101"
)

#: marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, 2)
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: categories that print nothing or break a line: control, format, line and paragraph separator
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp"})
#: noncharacters (Unicode, 23.7): the last two points of each plane, and 32 of the Arabic block
_PLANE_END, _ARABIC_NONCHARACTERS = 0xFFFE, range(0xFDD0, 0xFDF0)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_han(character: str) -> bool:
    """Whether ``character`` is a Han ideograph of any extension."""
    point = ord(character)
    return character in HAN_SIGNS or any(low <= point <= high for low, high in HAN_RANGES)


def is_latin(character: str) -> bool:
    """Whether ``character`` is a Latin letter, with or without a diacritic."""
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


def hidden_fault(value: str) -> tuple[str, str] | None:
    """The code and code point (``U+202E``) of the first trap in ``value``; None where clean."""
    if value.isprintable():
        # Python's printable leaves out every trap, and some good characters: looked at below
        return None
    for character in value:
        code = _trap(character)
        if code is not None:
            return code, f"U+{ord(character):04X}"
    return None


def _trap(character: str) -> str | None:
    if BIDI_CONTROLS.match(character):
        return "bidi_control"
    if _SURROGATE.match(character):
        return "lone_surrogate"
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or _is_noncharacter(character):
        return "control_character"
    return None


def _is_noncharacter(character: str) -> bool:
    point = ord(character)
    return point & _PLANE_END == _PLANE_END or point in _ARABIC_NONCHARACTERS


def name_fault(value: str) -> tuple[str, str] | None:
    """The code and the first character that a person's name may not hold; None where fine.

    A dash stands for a name without any letter, or with a blank at an end.
    """
    for character in value:
        if character in WRONG_DOTS:
            return "name_dot", f"{character} U+{ord(character):04X}"
        if not (is_han(character) or is_latin(character) or character in NAME_MARKS):
            return "name_characters", f"U+{ord(character):04X}"
    if value != value.strip() or not any(is_han(c) or is_latin(c) for c in value):
        return "name_characters", "–"
    return None
