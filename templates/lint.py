"""Lint: what is wrong with a template before a letter is.

``lint`` returns findings and raises nothing for a fault of the template; the command
``hanyin templates lint`` prints them.
"""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from templates.catalogue import Template
from templates.expressions import BrokenExpression, Usage, usage
from templates.findings import Finding
from templates.manifest import Manifest, VariableType
from templates.markup import Fault
from templates.outside import reaching_out
from templates.trial import faults_when_filled
from templates.typefaces import printed_fonts
from templates.word import DOCUMENT, STYLES, W, WordFile, is_filled, text_of

#: the families of GB/T 9704 in the names that Chinese offices have them under
OFFICIAL_FONTS = frozenset({"仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"})
#: the fourth is for scripts written from the right and of India, which letters do not print
_FONT_SLOTS = tuple(f"{W}{slot}" for slot in ("ascii", "hAnsi", "eastAsia"))
_THEME_SLOTS = tuple(f"{W}{slot}" for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme"))
#: bytes of all parts unpacked: pictures are in every letter, and LibreOffice, where it makes them,
#: reads all parts for each (a template that WPS saved has 150 KB)
HEAVY = 1_000_000
_JINJA = re.compile(r"\{\{|\{%|%\}|\}\}")


_Found = Iterator[Fault]


def lint(template: Template) -> list[Finding]:
    """Everything that is wrong with ``template``; an empty list for a sound one."""
    word = WordFile.read(template.docx)
    found = [finding for rule in _RULES for finding in rule(template, word)]
    return [Finding.of(template.kind, fault) for fault in dict.fromkeys(found)]


def _expressions(template: Template, word: WordFile) -> _Found:
    try:
        used = usage(template.docx)
    except BrokenExpression as error:
        yield Fault("broken_expression", str(error))
        return
    yield from (Fault(f"forbidden_{what}", subject) for what, subject in used.dangers)
    unknown = list(_variables(template.manifest, used))
    yield from unknown
    if not (used.dangers or unknown or any(reaching_out(word))):
        yield from faults_when_filled(template)


def _variables(manifest: Manifest, used: Usage) -> _Found:
    known = {variable.name for variable in manifest.variables}
    yield from (Fault("unknown_variable", name) for name in sorted(used.names - known))
    for variable in manifest.variables:
        if variable.name not in used.names:
            yield Fault("unused_variable", variable.name)
        elif (variable.type is VariableType.ROWS) != (variable.name in used.rows):
            yield Fault("wrong_use", variable.name)
        else:
            columns = {column.name for column in variable.columns}
            in_use = used.rows.get(variable.name, set())
            for name in sorted(in_use - columns):
                yield Fault("unknown_variable", f"{variable.name}.{name}")
            for name in sorted(columns - in_use):
                yield Fault("unused_variable", f"{variable.name}.{name}")


def _marks_elsewhere(_template: Template, word: WordFile) -> _Found:
    for name, tree in word.pages().items():
        if not is_filled(name) and _JINJA.search(text_of(tree)):
            yield Fault("marks_elsewhere", name)


def _bookmarks(template: Template, word: WordFile) -> _Found:
    seal = template.manifest.seal
    spots = _spots(word.tree(DOCUMENT))
    for wanted in (seal.from_, seal.to) if seal else ():
        if len(spots.get(wanted, ())) != 1:
            yield Fault("bookmark_repeated" if wanted in spots else "bookmark_missing", wanted)


def _spots(body: etree._Element) -> dict[str, set[int]]:
    """Bookmark → the spots that it begins at; LibreOffice writes an empty one twice at its spot."""
    spots: dict[str, set[int]] = {}
    spot = 0
    for node in body.iter():
        if node.tag == f"{W}bookmarkStart":
            spots.setdefault(node.get(f"{W}name") or "", set()).add(spot)
        elif node.tag != f"{W}bookmarkEnd":
            spot += 1
    return spots


def _fonts(_template: Template, word: WordFile) -> _Found:
    for fonts in printed_fonts(word):
        named = {fonts.get(slot) for slot in _FONT_SLOTS} - {None} - OFFICIAL_FONTS
        themed = {fonts.get(slot) for slot in _THEME_SLOTS} - {None}
        yield from (Fault("font_not_official", str(name)) for name in sorted(named | themed))
    default = word.tree(STYLES).find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    if default is None or default.get(f"{W}eastAsia") is None:
        yield Fault("font_not_set", STYLES)


def _outside(_template: Template, word: WordFile) -> _Found:
    yield from reaching_out(word)


def _weight(_template: Template, word: WordFile) -> _Found:
    if word.unpacked > HEAVY:
        yield Fault("heavy", str(word.unpacked))


_RULES: tuple[Callable[[Template, WordFile], _Found], ...] = (
    _expressions,
    _marks_elsewhere,
    _bookmarks,
    _fonts,
    _outside,
    _weight,
)
