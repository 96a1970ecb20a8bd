"""Sections of a batch's Word file."""

import re

import pytest

from rendering.batching import Job, _alike
from rendering.composing import join, take_apart
from rendering.filling import FilledWord
from templates.word import WordFile
from tests.building.word_styles import NORMAL, style, styles_part

PLAIN = styles_part(NORMAL, style("Title"))
MORE = styles_part(NORMAL, style("Slip"))
OTHER = styles_part(NORMAL, style("Title", size=44), style("Slip", size=28))

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
    jobs = [job(f"{n}", each) for n, each in enumerate(words)]
    groups = [[job.key for job, _ in group] for group in _alike(jobs)]
    assert groups == [["0", "2"], ["1", "3"]]


def test_letters_with_other_titles_and_styles_that_agree_go_together() -> None:
    words = [word("rId1", title="a"), word("rId1", title="b", styles=MORE)]
    assert [len(group) for group in _alike([job("a", words[0]), job("b", words[1])])] == [2]
    bodies = [body for each in words if (body := take_apart(each)) is not None]
    joined = WordFile.read(join(bodies)).parts
    assert b'w:styleId="Slip"' in joined["word/styles.xml"]
    assert b"title" not in joined["docProps/core.xml"]


def test_letters_with_styles_that_do_not_agree_go_apart() -> None:
    words = [word("rId1"), word("rId1", styles=OTHER), word("rId1", styles=MORE)]
    groups = _alike([job(f"{n}", each) for n, each in enumerate(words)])
    assert [[job.key for job, _ in group] for group in groups] == [["0", "2"]]
    bodies = [body for each in words[:2] if (body := take_apart(each)) is not None]
    with pytest.raises(ValueError, match="other styles"):
        join(bodies)


def job(key: str, word: FilledWord) -> Job:
    return Job(key=key, form=False, word=word, number="1", title="x")


def word(*names: str, styles: bytes = PLAIN, title: str = "") -> FilledWord:
    kinds = zip(("header", "footer"), names, strict=False)
    naming = "".join(f'<w:{kind}Reference w:type="default" r:id="{name}"/>' for kind, name in kinds)
    document = (
        f"<w:document {_SPACES}><w:body><w:p/><w:sectPr>{naming}"
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )
    core = f'<p xmlns:d="http://purl.org/dc/elements/1.1/"><d:title>{title}</d:title></p>'
    parts = (
        ("docProps/core.xml", core.encode()),
        ("word/styles.xml", styles),
        ("word/document.xml", document.encode()),
    )
    return FilledWord(parts=parts)


def sections_of(word: bytes) -> list[str]:
    return re.findall(r"<w:sectPr.*?</w:sectPr>", word.decode("utf-8", "replace"))


def named(section: str) -> list[str]:
    return re.findall(r'Reference [^>]*r:id="(\w+)"', section)
