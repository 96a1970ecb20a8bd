"""Sections of a batch's Word file."""

import re

from rendering.composing import Body, join, take_apart
from rendering.filling import FilledWord

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def test_a_section_names_headers_and_footers_only_where_the_last_had_others() -> None:
    one, other = ("rId1", "rId2"), ("rId1", "rId3")
    sections = sections_of(join([body(*ids) for ids in (one, one, one, other, one)]))
    assert [named(section) for section in sections] == [[*one], [], [], [*other], [*one]]
    assert all('<w:pgNumType w:start="1"/>' in section for section in sections)


def test_a_header_is_not_taken_for_a_footer() -> None:
    plain, turned = body("rId1", "rId2"), body("rId1", "rId2")
    header, footer = turned.section[0], turned.section[1]
    header.tag, footer.tag = footer.tag, header.tag
    sections = sections_of(join([plain, turned]))
    assert [named(section) for section in sections] == [["rId1", "rId2"]] * 2


def body(header: str, footer: str) -> Body:
    document = (
        f"<w:document {_SPACES}><w:body><w:p/><w:sectPr>"
        f'<w:headerReference w:type="default" r:id="{header}"/>'
        f'<w:footerReference w:type="default" r:id="{footer}"/>'
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )
    made = take_apart(FilledWord(parts=(("word/document.xml", document.encode()),)))
    assert made is not None
    return made


def sections_of(word: bytes) -> list[str]:
    return re.findall(r"<w:sectPr.*?</w:sectPr>", word.decode("utf-8", "replace"))


def named(section: str) -> list[str]:
    return re.findall(r'Reference [^>]*r:id="(\w+)"', section)
