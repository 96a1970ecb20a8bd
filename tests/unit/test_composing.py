"""Sections of a batch's Word file."""

import re

import pytest

from rendering.batching import Job, _alike
from rendering.composing import join, take_apart
from rendering.filling import FilledWord

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def test_the_first_section_alone_names_headers_and_footers() -> None:
    bodies = [take_apart(word("rId1", "rId2")) for _ in range(3)]
    sections = sections_of(join([body for body in bodies if body is not None]))
    assert [named(section) for section in sections] == [["rId1", "rId2"], [], []]
    assert all('<w:pgNumType w:start="1"/>' in section for section in sections)


@pytest.mark.parametrize("others", [("rId1", "rId3"), ("rId2", "rId1"), ("rId1",), ()])
def test_letters_that_name_other_headers_or_footers_go_apart(others: tuple[str, ...]) -> None:
    words = [word("rId1", "rId2"), word(*others), word("rId1", "rId2"), word(*others)]
    jobs = [Job(key=f"{n}", word=each, number="1", title="x") for n, each in enumerate(words)]
    groups = [[job.key for job, _ in group] for group in _alike(jobs)]
    assert groups == [["0", "2"], ["1", "3"]]


def word(*names: str) -> FilledWord:
    kinds = zip(("header", "footer"), names, strict=False)
    naming = "".join(f'<w:{kind}Reference w:type="default" r:id="{name}"/>' for kind, name in kinds)
    document = (
        f"<w:document {_SPACES}><w:body><w:p/><w:sectPr>{naming}"
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )
    return FilledWord(parts=(("word/document.xml", document.encode()),))


def sections_of(word: bytes) -> list[str]:
    return re.findall(r"<w:sectPr.*?</w:sectPr>", word.decode("utf-8", "replace"))


def named(section: str) -> list[str]:
    return re.findall(r'Reference [^>]*r:id="(\w+)"', section)
