"""XMP packets compared: what a program that adds a revision may set anew, and what not.

A program that writes a packet anew groups and spells it its own way, so properties are compared,
not bytes; then nothing may stand where no property is.
"""

import re
from collections.abc import Iterator

from lxml import etree

from signing.syntax.filters import decoded
from signing.syntax.values import Name, Stream, Value

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP, _PDF = "{http://ns.adobe.com/xap/1.0/}", "{http://ns.adobe.com/pdf/1.3/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_META = "{adobe:ns:meta/}"
#: properties that say when and by which program the file was last written, and their form
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")
_CHANGES = {
    f"{_XMP}ModifyDate": _DATE,
    f"{_XMP}MetadataDate": _DATE,
    f"{_PDF}Producer": re.compile(r"[ -~]{1,200}"),
}
#: what holds properties, and the attributes that say nothing
_HOLDERS = {f"{_META}xmpmeta": {f"{_META}xmptk"}, f"{_RDF}RDF": set()}
_TOOLKIT = re.compile(r"[ -~]{0,200}")
_PACKET = re.compile(
    r"(?:begin=[\"']\ufeff?[\"'] id=[\"']W5M0MpCehiHzreSzNTczkc9d[\"']|end=[\"'][rw][\"'])"
)
#: bytes of a packet, at most; a letter's has 2 000
_LONGEST = 100_000
_FORM = {"/Type": Name("/Metadata"), "/Subtype": Name("/XML")}
_ENTRIES = frozenset({"/Type", "/Subtype", "/Length", "/Filter"})


class _Other(Exception):
    """The packet holds something that is no property."""


def same_description(one: Value, other: Value) -> bool:
    """True where both packets say the same but for when and by what the file was written.

    ``other`` is the later one: a metadata stream without anything else in it.
    """
    if not isinstance(one, Stream) or not isinstance(other, Stream):
        return False
    if not (_FORM.keys() <= other.entries.keys() <= _ENTRIES):
        return False
    if any(other.entries[key] != name for key, name in _FORM.items()):
        return False
    try:
        return sorted(_properties(one)) == sorted(_properties(other))
    except (_Other, etree.XMLSyntaxError):
        return False


def _properties(stream: Stream) -> Iterator[tuple[str, str]]:
    """Name and value of each property; one is an element or an attribute (XMP, 7.9)."""
    packet = decoded(stream)
    if len(packet) > _LONGEST or b"<!" in packet:
        # no DOCTYPE, no comments, no CDATA: none of them describes anything
        raise _Other
    root = etree.fromstring(packet, etree.XMLParser(resolve_entities=False, no_network=True))
    _require_wrapping(root)
    yield from _held(root)


def _require_wrapping(root: etree._Element) -> None:
    """Raise ``_Other`` for an instruction that is not the packet's own."""
    instructions = [*root.itersiblings(preceding=True), *root.itersiblings()]
    inner = root.iter(etree.ProcessingInstruction)
    for each in instructions:
        if each.target != "xpacket" or not _PACKET.fullmatch(each.text or ""):
            raise _Other
    if next(iter(inner), None) is not None:
        raise _Other


def _held(holder: etree._Element) -> Iterator[tuple[str, str]]:
    """The properties below ``holder``, which holds nothing else."""
    tag = str(holder.tag)
    if tag == f"{_RDF}Description":
        yield from _described(holder)
        return
    if tag not in _HOLDERS:
        raise _Other
    for name, value in holder.attrib.items():
        if name not in _HOLDERS[tag] or not _TOOLKIT.fullmatch(str(value)):
            raise _Other
    _require_blank(holder)
    for child in holder:
        yield from _held(child)


def _described(description: etree._Element) -> Iterator[tuple[str, str]]:
    _require_blank(description)
    for name, value in description.attrib.items():
        if name == f"{_RDF}about":
            if value:
                raise _Other
        elif not _may_change(str(name), str(value)):
            yield str(name), str(value)
    for element in description:
        if len(element) or element.attrib:
            yield str(element.tag), _value_of(element)
        elif not _may_change(str(element.tag), (element.text or "").strip()):
            yield str(element.tag), " ".join((element.text or "").split())


def _may_change(name: str, value: str) -> bool:
    return name in _CHANGES and _CHANGES[name].fullmatch(value) is not None


def _require_blank(holder: etree._Element) -> None:
    """Raise ``_Other`` for text beside the elements in ``holder``."""
    texts = [holder.text, *(child.tail for child in holder)]
    if any(text and text.strip() for text in texts):
        raise _Other


def _value_of(element: etree._Element) -> str:
    """The value in one spelling, however prefixes, white space and structures are written.

    A structure is a rdf:Description or an element of parseType Resource (ISO 16684-1, 7.9.2),
    with fields as elements or attributes; a URI stands in rdf:resource or as text.
    """
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    language = attributes.pop(_LANGUAGE, None)
    is_structure = attributes.pop(f"{_RDF}parseType", None) == "Resource"
    if not is_structure and not attributes and _only_child(element) == f"{_RDF}Description":
        _require_blank(element)
        element, is_structure = element[0], True
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
    if is_structure:
        _require_blank(element)
        fields = [*attributes.items(), *((str(child.tag), _value_of(child)) for child in element)]
        return repr((language, sorted(fields)))
    text = " ".join((element.text or "").split())
    if attributes.keys() == {f"{_RDF}resource"} and not text and not len(element):
        text, attributes = attributes[f"{_RDF}resource"], {}
    children = [(str(child.tag), _value_of(child), (child.tail or "").strip()) for child in element]
    if not attributes and not children and language is None:
        return text
    return repr((language, sorted(attributes.items()), text, children))


def _only_child(element: etree._Element) -> str | None:
    return str(element[0].tag) if len(element) == 1 else None
