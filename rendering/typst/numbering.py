"""Lists: which level a paragraph has, and what stands before it (17.9)."""

import re
from collections.abc import Iterator

from lxml import etree

from rendering.typst.literals import number, string
from rendering.typst.unsupported import UnknownConstructError
from templates.word import W

#: Word's way to write a number → Typst's (None: nothing is written)
FORMATS = {
    "decimal": "1",
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
    "chineseCounting": "一",
    "chineseCountingThousand": "一",
    "japaneseCounting": "一",
    "taiwaneseCountingThousand": "一",
    "ideographDigital": "〇",
    "chineseLegalSimplified": "壹",
    "decimalEnclosedCircle": "①",
    "decimalEnclosedCircleChinese": "①",
    "bullet": "",
    "none": "",
}
#: pictures of Symbol and Wingdings, which lists use, as characters that our fonts have
BULLETS = {
    "\uf0b7": "•",
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf0a7": "▪",
    "\uf075": "◆",
    "\uf06f": "□",
    "\uf0a8": "□",
    "\uf0fe": "☑",
    "\uf052": "☑",
    "\uf0fc": "√",
    "\uf0d8": "➢",
}
_LEVEL = re.compile(r"%([1-9])")
_SUFFIXES = {"tab", "space", "nothing"}


class Numbering:
    """The lists of one Word file."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root if root is not None else etree.Element("none")
        self._abstract = {
            each.get(f"{W}abstractNumId"): each for each in found.findall(f"{W}abstractNum")
        }
        self._lists = {each.get(f"{W}numId"): each for each in found.findall(f"{W}num")}

    def level(self, numbered: tuple[str, int]) -> etree._Element:
        """The ``w:lvl`` of a list's level. Raises ``UnknownConstructError``."""
        name, level = numbered
        for each in self._levels(name):
            if each.get(f"{W}ilvl") == str(level):
                _require_plain(each)
                return each
        raise UnknownConstructError(f"w:numId {name}, level {level}")

    def label(self, numbered: tuple[str, int]) -> str:
        """The call that counts on and gives what stands before the paragraph."""
        name, level = numbered
        levels = [self.level((name, each)) for each in range(level + 1)]
        own = levels[-1]
        text = "".join(self._characters(_said(own, "lvlText")))
        legal = own.find(f"{W}isLgl") is not None
        formats = [self._format(each, legal=legal and each is not own) for each in levels]
        starts = [str(int(number(_said(each, "start"), 1))) for each in levels]
        return (
            f"label-of({string('list-' + self._counter(name))}, {level + 1},"
            f" ({', '.join(formats)},), ({', '.join(starts)},), {string(text)})"
        )

    def suffix(self, numbered: tuple[str, int]) -> str:
        """What stands behind the number: ``tab``, ``space`` or ``nothing``."""
        suffix = _said(self.level(numbered), "suff") or "tab"
        if suffix not in _SUFFIXES:
            raise UnknownConstructError(f"w:suff {suffix}")
        return suffix

    def _levels(self, name: str) -> Iterator[etree._Element]:
        found = self._lists.get(name)
        if found is None:
            raise UnknownConstructError(f"w:numId {name}")
        for override in found.findall(f"{W}lvlOverride"):
            yield from override.findall(f"{W}lvl")
        abstract = found.find(f"{W}abstractNumId")
        known = None if abstract is None else self._abstract.get(abstract.get(f"{W}val"))
        if known is None or known.find(f"{W}numStyleLink") is not None:
            raise UnknownConstructError(f"w:abstractNum of {name}")
        yield from known.findall(f"{W}lvl")

    def _counter(self, name: str) -> str:
        """Lists of one kind count on together, unless one begins anew (17.9.8)."""
        found = self._lists[name]
        if found.find(f"{W}lvlOverride/{W}startOverride") is not None:
            return f"own-{name}"
        abstract = found.find(f"{W}abstractNumId")
        return "" if abstract is None else str(abstract.get(f"{W}val"))

    @staticmethod
    def _format(level: etree._Element, *, legal: bool) -> str:
        form = _said(level, "numFmt") or "decimal"
        if form not in FORMATS:
            raise UnknownConstructError(f"w:numFmt {form}")
        return string("1" if legal else FORMATS[form])

    @staticmethod
    def _characters(text: str) -> Iterator[str]:
        for each in text:
            if "\ue000" <= each <= "\uf8ff" and each not in BULLETS:
                raise UnknownConstructError(f"w:lvlText U+{ord(each):04X}")
            yield BULLETS.get(each, each)


def _require_plain(level: etree._Element) -> None:
    if level.find(f"{W}lvlRestart") is not None:
        raise UnknownConstructError(f"w:lvlRestart {_said(level, 'lvlRestart')}")
    if _said(level, "lvlJc") not in {"", "left", "start"}:
        raise UnknownConstructError(f"w:lvlJc {_said(level, 'lvlJc')}")


def _said(level: etree._Element, name: str) -> str:
    found = level.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val") or ""
