"""A Word file's styles: what a paragraph, a run, a table looks like before it says so itself.

The order is 17.7.2's: the file's defaults, the table's style, the list's level, the paragraph's
style, the run's style, then what stands at the paragraph or run.
"""

import copy
from collections.abc import Iterator

from lxml import etree

from rendering.typst.properties import (
    ParagraphProperties,
    RunProperties,
    read_paragraph,
    read_run,
)
from templates.word import W

#: styles that are based on one another at most
_DEEPEST = 20


class Styles:
    """The styles of one Word file."""

    def __init__(self, root: etree._Element) -> None:
        self._by_id = {style.get(f"{W}styleId"): style for style in root.findall(f"{W}style")}
        self._defaults = root.find(f"{W}docDefaults")
        self._default_of = {
            style.get(f"{W}type"): style
            for style in root.findall(f"{W}style")
            if style.get(f"{W}default") in {"1", "true"}
        }

    def chain(self, style: str | None, kind: str) -> list[etree._Element]:
        """The style and those that it is based on, the farthest first."""
        found: list[etree._Element] = []
        each = self._by_id.get(style) if style else None
        each = self._default_of.get(kind) if each is None else each
        while each is not None and len(found) < _DEEPEST:
            found.insert(0, each)
            based = each.find(f"{W}basedOn")
            each = None if based is None else self._by_id.get(based.get(f"{W}val"))
        return found

    def paragraph(
        self,
        own: etree._Element | None,
        *,
        table: str | None = None,
        level: etree._Element | None = None,
    ) -> tuple[ParagraphProperties, RunProperties]:
        """What a paragraph with the ``w:pPr`` ``own`` looks like, and its text.

        ``table``: the style of the table that it stands in, empty for one without; ``level``:
        of the list that the paragraph itself names.
        """
        paragraph, run = ParagraphProperties(), RunProperties()
        if self._defaults is not None:
            read_paragraph(self._defaults.find(f"{W}pPrDefault/{W}pPr"), paragraph)
            read_run(self._defaults.find(f"{W}rPrDefault/{W}rPr"), run)
        around = () if table is None else self.chain(table, "table")
        for style in (*around, *self.chain(_style_of(own), "paragraph")):
            read_paragraph(style.find(f"{W}pPr"), paragraph)
            read_run(style.find(f"{W}rPr"), run)
        if level is not None:
            read_paragraph(level.find(f"{W}pPr"), paragraph)
        read_paragraph(own, paragraph)
        return paragraph, run

    def run(self, own: etree._Element | None, base: RunProperties) -> RunProperties:
        """What a run with the ``w:rPr`` ``own`` looks like in a paragraph of ``base``."""
        run = copy.copy(base)
        named = None if own is None else own.find(f"{W}rStyle")
        if named is not None:
            for style in self.chain(named.get(f"{W}val"), "character"):
                read_run(style.find(f"{W}rPr"), run)
        read_run(own, run)
        return run

    def name_of(self, own: etree._Element | None) -> str:
        """The name of the style that a paragraph has, in lower case."""
        chain = self.chain(_style_of(own), "paragraph")
        name = chain[-1].find(f"{W}name") if chain else None
        return "" if name is None else str(name.get(f"{W}val")).lower()

    def of_table(self, style: str | None, path: str) -> Iterator[etree._Element]:
        """The children of ``path`` in the table's style and those below it, the farthest first."""
        for each in self.chain(style, "table"):
            yield from each.iterfind(f"{path}/*")


def _style_of(own: etree._Element | None) -> str | None:
    named = None if own is None else own.find(f"{W}pStyle")
    return None if named is None else named.get(f"{W}val")
