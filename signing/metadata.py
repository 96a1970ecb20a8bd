"""XMP packets compared: what a program that adds a revision may set anew, and what not."""

from collections.abc import Iterator

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP, _PDF = "{http://ns.adobe.com/xap/1.0/}", "{http://ns.adobe.com/pdf/1.3/}"
#: properties that say when and by which program the file was last written
_CHANGES = frozenset({f"{_XMP}ModifyDate", f"{_XMP}MetadataDate", f"{_PDF}Producer"})
#: bytes of a packet, at most; a letter's has 2 000
_LONGEST = 100_000


def same_description(one: generic.PdfObject, other: generic.PdfObject) -> bool:
    """True where both packets say the same but for when and by what the file was written."""
    return sorted(_properties(one)) == sorted(_properties(other))


def _properties(stream: generic.PdfObject) -> Iterator[tuple[str, str]]:
    """Name and value of each property; a property is an element or an attribute (XMP, 7.9)."""
    if not isinstance(stream, generic.StreamObject):
        raise TypeError("an XMP packet is a stream")
    packet = stream.read_data(DecodePurpose.XMP_METADATA)
    if len(packet) > _LONGEST:
        raise ValueError("an XMP packet of this length describes no letter")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    for description in etree.fromstring(packet, parser).iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            yield from _unless_change(str(name), str(value))
        for element in description:
            text = " ".join(" ".join(element.itertext()).split())
            yield from _unless_change(str(element.tag), text)


def _unless_change(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name not in _CHANGES and name != f"{_RDF}about":
        yield name, value
