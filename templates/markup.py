"""The markup of one part of a Word file: what in it is not on the allow list, and where it is.

Asked twice: of the template before it is compiled, and of the letter after it is filled, because
what fills a template is text and LibreOffice reads the result.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from templates.hidden import is_hidden
from templates.vocabulary import (
    BY_ROOT,
    NAMED_RELATIONS,
    NO_PROTECTION,
    OFF,
    RULES,
    STRICT,
    SWITCHES,
    W14,
    W15,
    W16CID,
    R,
    Vocabulary,
)
from templates.word import W

#: a value that names a place elsewhere: a scheme, or a Windows share
ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:[/\\]|\\\\|data:|javascript:|file:)", re.IGNORECASE)
#: attributes that bear names of vocabularies, which look like addresses and are none
_VOCABULARY = frozenset({"uri", "schemaLocation", "Type"})
#: the fields that tell about the page alone (17.16.5), with the switch that Word adds
_KNOWN_FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)(\s+\\\*\s+[A-Za-z]+)*\s*")
#: the only elements of Word that bear text, and the one in which marks are filled in
_TEXT, _INSTRUCTION = f"{W}t", f"{W}instrText"
_MARK = re.compile(r"\{\{|\{%|\{#|%\}|\}\}|#\}")
_XML = "{http://www.w3.org/XML/1998/namespace}"
#: of the attributes of Word's elements
_NAMESPACES = frozenset({"", W, W14, W15, W16CID, _XML})
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class Place(NamedTuple):
    """Where something is, as an office worker finds it."""

    #: the part's name in the package
    part: str
    #: of the part, from 1; 0: in none
    paragraph: int = 0
    #: how the paragraph begins, or the style's name; empty where it could be somebody's data
    words: str = ""


class Fault(NamedTuple):
    """Something that a rule of lint forbids."""

    rule: str
    #: the element, field or part
    subject: str
    place: Place | None = None


def faults_of(
    part: str,
    tree: etree._Element,
    *,
    styles: frozenset[str] = frozenset(),
    quoting: bool = True,
) -> Iterator[Fault]:
    """Every fault of the part.

    ``styles`` are those that bear text; ``quoting`` the part's words, which are personal data in a
    filled one.
    """
    vocabulary = BY_ROOT.get(str(tree.tag))
    if vocabulary is None:
        named = RULES.get(etree.QName(tree).localname, "active_content")
        rule = "strict" if STRICT in str(tree.tag) else named
        yield Fault(rule, f"{part}: {_short(tree)}")
        return
    where = _Where(part, quoting=quoting)
    for node in tree.iter():
        where.enter(node)
        for rule, subject in _of_node(node, vocabulary):
            yield Fault(rule, subject, where.place)
        if is_hidden(node, styles):
            yield Fault("hidden_text", _short(node), where.place)
    for node, instruction in _fields(tree):
        if _KNOWN_FIELD.fullmatch(instruction) is None:
            subject = " ".join(instruction.split())[:40] if quoting else "?"
            yield Fault("forbidden_field", subject, _Where.of(part, tree, node, quoting=quoting))


class _Where:
    """Follows a walk through a part."""

    def __init__(self, part: str, *, quoting: bool) -> None:
        self._part, self._quoting = part, quoting
        self._paragraph, self._around = 0, None

    @classmethod
    def of(cls, part: str, tree: etree._Element, wanted: etree._Element, *, quoting: bool) -> Place:
        where = cls(part, quoting=quoting)
        for node in tree.iter():
            where.enter(node)
            if node is wanted:
                break
        return where.place

    def enter(self, node: etree._Element) -> None:
        if node.tag == f"{W}p":
            self._paragraph += 1
            self._around = node
        elif node.tag == f"{W}style":
            self._around = node

    @property
    def place(self) -> Place:
        return Place(self._part, self._paragraph, self._words() if self._quoting else "")

    def _words(self) -> str:
        if self._around is None:
            return ""
        name = self._around.find(f"{W}name")
        if name is not None:
            return str(name.get(f"{W}val"))
        return "".join(node.text or "" for node in self._around.iter(_TEXT))[:20]


def _of_node(node: etree._Element, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    if not isinstance(node.tag, str):
        kind = {etree.Comment: "<!-- -->", etree.PI: "<? ?>"}.get(node.tag, "&;")
        yield "forbidden_markup", kind
    else:
        yield from _of_element(node, vocabulary)
    if (node.tail or "").strip():
        yield "forbidden_markup", "w:t"


def _of_element(node: etree._Element, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    if STRICT in node.tag:
        yield "strict", _short(node)
    elif not vocabulary.has(node.tag) and not _is_harmless(node):
        yield RULES.get(etree.QName(node).localname, _changed(node)), _short(node)
    elif node.tag.startswith(W) and _bears_text(node):
        yield "forbidden_markup", _short(node)
    for key, value in node.attrib.items():
        if rule := _of_attribute(node.tag, key, value):
            yield rule, f"{_short(node)} {etree.QName(key).localname}"
    if node.tag == f"{W}sdtPr" and node.find(f"{W}docPartObj") is None:
        yield "forbidden_element", "w:sdt"


def _is_harmless(node: etree._Element) -> bool:
    parent = node.getparent()
    if parent is not None and parent.tag == f"{W}compat":
        return str(node.tag).startswith(W)
    tag, attribute = NO_PROTECTION
    if node.tag == tag:
        return node.get(attribute) in OFF
    return node.tag in SWITCHES and node.get(f"{W}val") in OFF


def _changed(node: etree._Element) -> str:
    """Word adds an element for each new kind of change; their names end alike (17.13.5)."""
    return "revision" if str(node.tag).endswith("Change") else "forbidden_element"


def _bears_text(node: etree._Element) -> bool:
    return node.tag not in {_TEXT, _INSTRUCTION} and bool((node.text or "").strip())


def _of_attribute(tag: str, key: str, value: str) -> str | None:
    namespace, local = key[: key.find("}") + 1], etree.QName(key).localname
    if namespace == R:
        return None if (tag, key) in NAMED_RELATIONS else "outside_reference"
    if namespace == _COMPATIBILITY:
        return None if local == "Ignorable" else "forbidden_markup"
    if STRICT in namespace:
        return "strict"
    if tag.startswith(W) and namespace not in _NAMESPACES:
        return "forbidden_markup"
    if _MARK.search(value):
        return "marks_elsewhere"
    return "outside_reference" if local not in _VOCABULARY and ELSEWHERE.match(value) else None


def _fields(tree: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The instruction of every field, however many runs it is torn into (17.16.18)."""
    open_fields: list[tuple[etree._Element, list[str]]] = []
    for node in tree.iter(f"{W}fldSimple", f"{W}fldChar", _INSTRUCTION, f"{W}delInstrText"):
        if node.tag == f"{W}fldSimple":
            yield node, node.get(f"{W}instr") or ""
        elif node.tag != f"{W}fldChar":
            if not open_fields:
                yield node, node.text or ""
            else:
                open_fields[-1][1].append(node.text or "")
        elif node.get(f"{W}fldCharType") == "begin":
            open_fields.append((node, []))
        elif node.get(f"{W}fldCharType") == "end" and open_fields:
            begin, pieces = open_fields.pop()
            yield begin, "".join(pieces)
    yield from ((begin, "".join(pieces)) for begin, pieces in open_fields)


def _short(node: etree._Element) -> str:
    """The element's name as it stands in the file."""
    local = etree.QName(node).localname
    return f"{node.prefix}:{local}" if node.prefix else local
