"""What in a Word file reaches out of it or runs: links, objects, macros, fields that fetch.

LibreOffice opens the file for every letter, so what is here is refused before it gets that far
(``rendering.filling``), and told by lint. What is allowed is listed; anything else is refused.
"""

import re
from collections.abc import Iterator
from posixpath import normpath

from lxml import etree

from templates.word import DOCUMENT, W, WordFile

#: last parts of the relationship types (ECMA-376 part 1, annex on types) that a letter may need
_KNOWN_RELATIONS = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme"),
        *("numbering", "footnotes", "endnotes", "comments", "header", "footer", "image"),
        *("thumbnail", "customXml", "customXmlProps"),
    }
)
#: the fields that tell about the page alone (17.16.5), with the switch that Word adds
_KNOWN_FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)(\s+\\\*\s+[A-Za-z]+)*\s*")
#: a value that names a place elsewhere: a scheme, or a Windows share
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:[/\\]|\\\\|data:|javascript:|file:)", re.IGNORECASE)
#: attributes that bear names of vocabularies, which look like addresses and are none
_VOCABULARY = frozenset({"uri", "schemaLocation", "Type"})
_XML = (".xml", ".rels")
#: how pictures that nothing can be hidden in begin: PNG, JPEG, GIF, TIFF; LibreOffice goes by that
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
#: relations to pictures; all others lead to XML, which was looked at
_TO_PICTURES = frozenset({"image", "thumbnail"})
_CONTENT_TYPES = "[Content_Types].xml"

_Found = Iterator[tuple[str, str]]


def reaching_out(word: WordFile) -> _Found:
    """Each as a rule of lint and what it is about.

    ``outside_reference``, ``active_content``, ``forbidden_field``. Raises BrokenWordFile where a
    part is not XML.
    """
    for name in sorted(word.parts):
        if not name.endswith(_XML):
            if not word.parts[name].startswith(_PICTURES):
                yield "active_content", name
        elif name.endswith(".rels"):
            yield from _relations(name, word.tree(name))
        elif name == _CONTENT_TYPES:
            yield from _types(word.tree(name))
        else:
            yield from _of_part(name, word.tree(name))


def _relations(name: str, tree: etree._Element) -> _Found:
    folder = normpath(f"{name}/../..")
    for relation in tree.iter("{*}Relationship"):
        target = relation.get("Target") or ""
        kind = (relation.get("Type") or "").rpartition("/")[2]
        inside = not normpath(f"{folder}/{target}").startswith("..")
        outer = (relation.get("TargetMode") or "Internal") != "Internal"
        if outer or not inside or "\\" in target or _ELSEWHERE.match(target):
            yield "outside_reference", name
        elif kind not in _KNOWN_RELATIONS or not _leads_right(kind, target):
            yield "active_content", f"{name}: {kind}"


def _leads_right(kind: str, target: str) -> bool:
    """Whether the relation leads to what it says, where this module has looked."""
    if kind == "officeDocument":
        return target.lstrip("/") == DOCUMENT
    return kind in _TO_PICTURES or target.endswith(".xml")


def _types(tree: etree._Element) -> _Found:
    for entry in tree.iter("{*}Override", "{*}Default"):
        kind = entry.get("ContentType") or ""
        if "macroEnabled" in kind or "vbaProject" in kind or "oleObject" in kind:
            yield "active_content", kind


def _of_part(name: str, tree: etree._Element) -> _Found:
    for node in tree.iter("*"):
        if node.tag == f"{W}altChunk":
            yield "active_content", f"{name}: altChunk"
        for key, value in node.attrib.items():
            if etree.QName(key).localname not in _VOCABULARY and _ELSEWHERE.match(value):
                yield "outside_reference", name
    for field in _fields(tree):
        if _KNOWN_FIELD.fullmatch(field) is None:
            yield "forbidden_field", " ".join(field.split())[:40]


def _fields(tree: etree._Element) -> Iterator[str]:
    """The instruction of every field, however many runs it is torn into (17.16.18)."""
    open_fields: list[list[str]] = []
    for node in tree.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        if node.tag == f"{W}fldSimple":
            yield node.get(f"{W}instr") or ""
        elif node.tag != f"{W}fldChar":
            if not open_fields:
                yield node.text or ""
            else:
                open_fields[-1].append(node.text or "")
        elif node.get(f"{W}fldCharType") == "begin":
            open_fields.append([])
        elif node.get(f"{W}fldCharType") == "end" and open_fields:
            yield "".join(open_fields.pop())
    yield from ("".join(pieces) for pieces in open_fields)
