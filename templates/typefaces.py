"""The fonts of a Word file that something is printed in.

Word, WPS and LibreOffice write styles and levels of lists that nothing in the file has.
"""

from collections.abc import Iterator

from lxml import etree

from templates.hidden import styles_with_text
from templates.word import STYLES, W, WordFile

_NUMBERING = "word/numbering.xml"


def printed_fonts(word: WordFile) -> Iterator[etree._Element]:
    """Each ``w:rFonts`` that a letter may be printed in, part by part."""
    pages = word.pages()
    stories = [tree for name, tree in pages.items() if name not in {STYLES, _NUMBERING}]
    styles = styles_with_text(stories, word.tree(STYLES))
    levels = _levels(stories, word.tree(STYLES), pages.get(_NUMBERING))
    for tree in pages.values():
        for fonts in tree.iter(f"{W}rFonts"):
            style, level = (_around(fonts, name) for name in ("style", "lvl"))
            if style is not None and not _is_printed(style, styles):
                continue
            if level is None or level in levels:
                yield fonts


def _is_printed(style: etree._Element, styles: frozenset[str]) -> bool:
    # a table's style is named by the table, and counts as printed
    return style.get(f"{W}type") == "table" or style.get(f"{W}styleId") in styles


def _levels(
    stories: list[etree._Element], styles: etree._Element, numbering: etree._Element | None
) -> set[etree._Element]:
    """The ``w:lvl`` elements that a paragraph or a style has."""
    if numbering is None:
        return set()
    used = {
        (_value(numbered, "numId"), _value(numbered, "ilvl") or "0")
        for tree in (*stories, styles)
        for numbered in tree.iter(f"{W}numPr")
    }
    found: set[etree._Element] = set()
    for each in numbering.findall(f"{W}num"):
        abstract = _value(each, "abstractNumId")
        for level in (*each.iter(f"{W}lvl"), *numbering.iter(f"{W}lvl")):
            parent = level.getparent()
            own = parent is not None and parent.get(f"{W}abstractNumId") == abstract
            if (own or each in level.iterancestors()) and (
                (each.get(f"{W}numId"), level.get(f"{W}ilvl")) in used
            ):
                found.add(level)
    return found


def _around(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iterancestors(f"{W}{name}"), None)


def _value(element: etree._Element, name: str) -> str | None:
    found = element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")
