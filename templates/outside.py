"""What in a Word file is more than a letter: links, objects, macros, revisions, hidden text.

LibreOffice opens the file for every letter, so what is here is refused before it gets that far
(``rendering.filling``), and reported by lint. What is allowed is listed; anything else is refused.
"""

import re
from collections.abc import Iterator
from posixpath import normpath

from lxml import etree

from templates.hidden import styles_with_text
from templates.markup import ELSEWHERE, Fault, faults_of
from templates.vocabulary import RULES, STRICT
from templates.word import DOCUMENT, STYLES, WordFile

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
#: relationship types (ECMA-376 part 1, annex on types) that a letter may need
_KNOWN_RELATIONS = frozenset(
    {
        *(f"{_OFFICE}{kind}" for kind in ("officeDocument", "extended-properties")),
        *(f"{_OFFICE}{kind}" for kind in ("custom-properties", "styles", "settings", "theme")),
        *(f"{_OFFICE}{kind}" for kind in ("webSettings", "fontTable", "numbering", "comments")),
        *(f"{_OFFICE}{kind}" for kind in ("footnotes", "endnotes", "header", "footer", "image")),
        *(f"{_OFFICE}{kind}" for kind in ("customXml", "customXmlProps")),
        *(f"{_PACKAGE}{kind}" for kind in ("core-properties", "thumbnail")),
        "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
        "http://schemas.microsoft.com/office/2011/relationships/people",
    }
)
#: media types of the parts above, and of pictures
_KNOWN_TYPE = re.compile(
    r"application/(xml|vnd\.ms-word\.stylesWithEffects\+xml|vnd\.openxmlformats-("
    r"package\.(relationships|core-properties)|officedocument\.((extended|custom)-properties"
    r"|theme|customXmlProperties|wordprocessingml\.(document\.main|styles|settings|webSettings"
    r"|fontTable|numbering|footnotes|endnotes|header|footer|comments|people)))\+xml)"
    r"|image/(png|jpe?g|gif|tiff|x-[ew]mf)"
)
_XML = (".xml", ".rels")
#: how pictures that nothing can be hidden in begin: PNG, JPEG, GIF, TIFF; LibreOffice goes by that
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
#: the picture of the first page that WPS and Word keep beside it: nobody prints it
_THUMBNAILS = frozenset({"docProps/thumbnail.wmf", "docProps/thumbnail.emf"})
#: relations to pictures; all others lead to XML, which was looked at
_TO_PICTURES = frozenset({"image", "thumbnail"})
_CONTENT_TYPES = "[Content_Types].xml"


def reaching_out(word: WordFile) -> Iterator[Fault]:
    """Every fault of the package and its parts. Raises BrokenWordFile where a part is not XML."""
    stories = [tree for name, tree in word.pages().items() if name != STYLES]
    styles = styles_with_text(stories, word.tree(STYLES))
    for name in sorted(word.parts):
        if not name.endswith(_XML):
            if name not in _THUMBNAILS and not word.parts[name].startswith(_PICTURES):
                yield Fault("active_content", name)
        elif name.endswith(".rels"):
            yield from _relations(name, word.tree(name))
        elif name == _CONTENT_TYPES:
            yield from _types(word.tree(name))
        else:
            yield from faults_of(name, word.tree(name), styles=styles)


def _relations(name: str, tree: etree._Element) -> Iterator[Fault]:
    folder = normpath(f"{name}/../..")
    for relation in tree.iter():
        if not isinstance(relation.tag, str):
            yield Fault("forbidden_markup", name)
        elif relation is not tree:
            yield from _of_relation(name, folder, relation)


def _of_relation(name: str, folder: str, relation: etree._Element) -> Iterator[Fault]:
    target, kind = relation.get("Target") or "", relation.get("Type") or ""
    inside = not normpath(f"{folder}/{target}").startswith("..")
    outer = (relation.get("TargetMode") or "Internal") != "Internal"
    if outer or not inside or "\\" in target or ELSEWHERE.match(target):
        yield Fault("outside_reference", name)
    elif kind.startswith(STRICT):
        yield Fault("strict", name)
    elif kind not in _KNOWN_RELATIONS or not _leads_right(kind.rpartition("/")[2], target):
        last = kind.rpartition("/")[2]
        yield Fault(RULES.get(last, "active_content"), f"{name}: {last}")


def _leads_right(kind: str, target: str) -> bool:
    """Whether the relation leads to what it says, where this module has looked."""
    if kind == "officeDocument":
        return target.lstrip("/") == DOCUMENT
    return kind in _TO_PICTURES or target.endswith(".xml")


def _types(tree: etree._Element) -> Iterator[Fault]:
    for entry in tree.iter():
        if not isinstance(entry.tag, str):
            yield Fault("forbidden_markup", _CONTENT_TYPES)
        elif entry is not tree:
            kind = entry.get("ContentType") or ""
            if _KNOWN_TYPE.fullmatch(kind) is None:
                yield Fault("active_content", kind)
