"""Values of a Word file as Typst source: strings, lengths, colours. Nothing else gets into it."""

import re
from collections.abc import Mapping

from rendering.typst.unsupported import UnknownConstructError

#: twentieths of a point, the unit of most lengths in Word (17.18.81)
_TWIPS = 20
#: of a picture (20.1.2.1)
_EMU = 12700
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_NUMBER = re.compile(r"[-+]?[0-9]{1,7}(\.[0-9]{1,6})?")


def names(words: str) -> frozenset[str]:
    """The names of elements in ``words``."""
    return frozenset(words.split())


def string(text: str) -> str:
    """A Typst string that is ``text``, whatever is in it."""
    return '"' + "".join(_ESCAPES.get(each, each) for each in text) + '"'


def number(text: str | None, default: float = 0.0) -> float:
    """A number of the Word file. Raises ``UnknownConstructError`` for anything else."""
    if text is None:
        return default
    if _NUMBER.fullmatch(text) is None:
        raise UnknownConstructError(f"number {text[:20]}")
    return float(text)


def twips(text: str | None, default: float = 0.0) -> float:
    """Points of a length in twentieths of a point."""
    return number(text, default * _TWIPS) / _TWIPS


def emus(text: str | None) -> float:
    """Points of a length in English metric units."""
    return number(text) / _EMU


def points(length: float) -> str:
    """A length in points as Typst writes it, to a thousandth."""
    return f"{round(length, 3):g}pt"


def colour(text: str | None) -> str | None:
    """A Typst colour; None for Word's ``auto``."""
    if text is None or text == "auto":
        return None
    if _COLOUR.fullmatch(text) is None:
        raise UnknownConstructError(f"colour {text[:20]}")
    return f'rgb("{text.lower()}")'


def arguments(values: Mapping[str, str | None]) -> str:
    """Named arguments of a call; those that are None are left out."""
    return ", ".join(f"{name}: {value}" for name, value in values.items() if value is not None)
