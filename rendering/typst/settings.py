"""What a Word file's settings say of its pages and lines (17.15.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from lxml import etree

from rendering.typst.literals import number, twips
from rendering.typst.properties import is_on
from templates.word import W, WordFile

_SETTINGS = "word/settings.xml"
#: twips between tabs where the file does not say (17.15.1.25)
_DEFAULT_TAB = "720"
#: as the file says of which Word it is, from which on tables do not hang over the margin
_WORD_2013 = 15
#: the mode of a file that does not say
_WORD_2007 = 12


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """The settings of one Word file."""

    even_and_odd: bool
    mirrored: bool
    #: points between a tab and the next
    default_tab: float
    #: the text of a table's first column begins where the text around the table does, not its
    #: border
    tables_hang: bool
    #: how footnotes are counted
    notes: Sequence[etree._Element]

    @classmethod
    def read(cls, word: WordFile) -> Self:
        """The settings of ``word``. Raises ``UnknownConstructError``."""
        there = _SETTINGS in word.parts
        root = word.tree(_SETTINGS) if there else etree.Element("none")
        tab = root.find(f"{W}defaultTabStop")
        length = twips(_DEFAULT_TAB if tab is None else tab.get(f"{W}val"))
        return cls(
            even_and_odd=_switched(root, "evenAndOddHeaders"),
            mirrored=_switched(root, "mirrorMargins"),
            default_tab=length or twips(_DEFAULT_TAB),
            tables_hang=_mode(root) < _WORD_2013,
            notes=list(root.iterfind(f"{W}footnotePr/*")),
        )


def _switched(root: etree._Element, name: str) -> bool:
    found = root.find(f"{W}{name}")
    return found is not None and is_on(found)


def _mode(root: etree._Element) -> float:
    for each in root.iterfind(f"{W}compat/{W}compatSetting"):
        if each.get(f"{W}name") == "compatibilityMode":
            return number(each.get(f"{W}val"), _WORD_2007)
    return _WORD_2007
