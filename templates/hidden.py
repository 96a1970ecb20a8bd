"""Hidden text: made so small, flat, narrow, pale or dark that nobody reads it, yet it is sealed.

What Word itself calls hidden (``w:vanish``) is no part of the vocabulary.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from templates.vocabulary import W14
from templates.word import W

#: half-points, twips, twips, percent: less is there to be overlooked, not to be read
_LEAST = {f"{W}sz": 10, f"{W}spacing": 100, f"{W}trHeight": 100, f"{W}w": 33}
#: elements whose measure counts only where it is exact, and the attributes of both
_EXACT = {f"{W}spacing": ("line", "lineRule"), f"{W}trHeight": ("val", "hRule")}
#: of 255; text paler than this, and black text on a darker ground, is not seen on paper
_PALE, _DARK = 215, 128
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


def is_hidden(node: etree._Element, styles: frozenset[str]) -> bool:
    """Whether ``node`` hides text; ``styles`` are those that bear some."""
    if node.tag in {f"{W14}schemeClr", f"{W14}srgbClr"}:
        return _names_pale(node.get(f"{W14}val"))
    if node.tag in {f"{W}color", f"{W}shd"}:
        return (_is_pale(node) or _is_dark(node)) and not _is_of_table_style(node)
    least = _LEAST.get(str(node.tag))
    return least is not None and not _reaches(_measure(node), least) and _bears_text(node, styles)


def styles_with_text(stories: Iterable[etree._Element], styles: etree._Element) -> frozenset[str]:
    """The styles, by id, that something with text has, and those that they are based on."""
    bases = {_id(style): _value(style, "basedOn") for style in styles.iter(f"{W}style")}
    found = {name for story in stories for name in _named(story)}
    found |= {
        _id(style) for style in styles.iter(f"{W}style") if style.get(f"{W}default") is not None
    }
    return frozenset(_with_bases(found, bases))


def _with_bases(found: set[str], bases: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = set(found)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        yield name
        if (base := bases.get(name)) and base not in seen:
            waiting.add(base)


def _named(story: etree._Element) -> Iterator[str]:
    for paragraph in filter(_has_text, story.iter(f"{W}p")):
        yield from (str(node.get(f"{W}val")) for node in paragraph.iter(f"{W}pStyle", f"{W}rStyle"))


def _id(style: etree._Element) -> str:
    return str(style.get(f"{W}styleId"))


def _value(style: etree._Element, name: str) -> str:
    found = style.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val"))


def _has_text(node: etree._Element) -> bool:
    return any((text.text or "").strip() for text in node.iter(f"{W}t"))


def _bears_text(node: etree._Element, styles: frozenset[str]) -> bool:
    """An empty line may be as low as is wanted."""
    for holder in node.iterancestors(f"{W}r", f"{W}p", f"{W}tr", f"{W}style"):
        return _id(holder) in styles if holder.tag == f"{W}style" else _has_text(holder)
    return True


def _measure(node: etree._Element) -> str | None:
    value, rule = _EXACT.get(str(node.tag), ("val", None))
    if rule is not None and node.get(f"{W}{rule}") != "exact":
        return None
    measure: str | None = node.get(f"{W}{value}")
    return measure


def _reaches(value: str | None, least: int) -> bool:
    if value is None:
        return True
    try:
        return float(value.removesuffix("%").removesuffix("pt")) >= least
    except ValueError:
        return False


def _is_pale(node: etree._Element) -> bool:
    if node.tag != f"{W}color":
        return False
    return _names_pale(node.get(f"{W}themeColor")) or _names_pale(node.get(f"{W}val"))


def _names_pale(colour: str | None) -> bool:
    """Whether a theme's name of a colour, or its value, is one that is not seen on paper."""
    names = ("background", "bg", "light", "lt")
    return (colour or "").lower().startswith(names) or _brightness(colour) > _PALE


def _is_dark(node: etree._Element) -> bool:
    """A ground on which black text is not seen (17.3.5)."""
    if node.tag != f"{W}shd":
        return False
    plain = node.get(f"{W}val") in {"clear", "nil"}
    return not plain or _brightness(node.get(f"{W}fill")) < _DARK


def _brightness(colour: str | None) -> float:
    """Of 255; between pale and dark where the file names no colour."""
    if colour is None or _COLOUR.fullmatch(colour) is None:
        return _DARK
    red, green, blue = bytes.fromhex(colour)
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _is_of_table_style(node: etree._Element) -> bool:
    """Word's own table styles have white heads on a dark ground."""
    return any(each.get(f"{W}type") == "table" for each in node.iterancestors(f"{W}style"))
