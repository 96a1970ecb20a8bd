"""Filling Word templates: the same as docxtpl, and a value is never code."""

import io
import zipfile

import pytest
from docx import Document
from docxtpl import DocxTemplate

from rendering.filling import WordTemplate
from schemas.documents import DocumentKind
from schemas.errors import Misconfigured, ProductionFailed
from templates.catalogue import load


def text_of(word: bytes) -> str:
    document = Document(io.BytesIO(word))
    lines = [paragraph.text for paragraph in document.paragraphs]
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*lines, *cells])


def template_of(line: str) -> WordTemplate:
    document = Document()
    document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return WordTemplate("test", buffer.getvalue())


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_filled_letter_says_what_docxtpl_would_say(kind: DocumentKind) -> None:
    template = load(kind)
    plain = DocxTemplate(io.BytesIO(template.docx))
    plain.render(dict(template.sample), autoescape=True)
    buffer = io.BytesIO()
    plain.save(buffer)
    ours = WordTemplate(kind.value, template.docx).fill(template.sample)
    assert text_of(ours.content) == text_of(buffer.getvalue())


@pytest.mark.parametrize(
    "value",
    [
        "{{ 7 * 7 }}",
        "{% for x in y %}",
        "{# note #}",
        "<甲&乙>",
        "\"丙\" '丁'",
        "{_{ x }_}",
        "𠅤㛃䶮",
    ],
)
def test_a_value_stands_in_the_letter_as_it_is(value: str) -> None:
    word = template_of("甲{{ value }}乙").fill({"value": value})
    assert text_of(word.content) == f"甲{value}乙"


def test_a_line_break_in_a_value_begins_a_paragraph_that_looks_the_same() -> None:
    word = template_of("甲{{ value }}乙").fill({"value": "<一>\n二"})
    lines = Document(io.BytesIO(word.content)).paragraphs
    assert [line.text for line in lines[-2:]] == ["甲<一>", "二乙"]
    assert lines[-1].style == lines[-2].style


def test_a_mark_for_a_paragraph_is_no_value() -> None:
    with pytest.raises(ProductionFailed):
        template_of("甲{{ value }}乙").fill({"value": "一\a二"})


def test_a_variable_that_is_not_there_stops_the_letter() -> None:
    with pytest.raises(ProductionFailed) as caught:
        template_of("{{ lacking }}").fill({})
    assert caught.value.problem.code == "template_failed"


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ value.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% include '/etc/passwd' %}",
        "{{ [].append(1) }}",
        "{{ value.format }}{{ value|attr('__class__') }}",
        "{{ value['__class__'] }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ request|attr('application') }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
        "{% for x in range(1000000000) %}{% endfor %}",
        "{% import 'os' as os %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends '/etc/passwd' %}",
        "{% macro x() %}{% endmacro %}",
        "{% set x = value.__class__ %}",
        "{% with x = value.__class__ %}{% endwith %}",
        "{% filter upper %}{% endfilter %}",
        "{% autoescape false %}{{ value }}{% endautoescape %}",
        "{{ value|safe }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ '%s'|format(value) }}",
    ],
)
def test_a_template_from_outside_reaches_neither_python_nor_files(line: str) -> None:
    with pytest.raises(Misconfigured, match="may not hold"):
        template_of(line)


def test_nothing_else_of_the_word_file_is_touched() -> None:
    template = load(DocumentKind.AUDIT_OPINION)
    filled = WordTemplate("audit_opinion", template.docx).fill(template.sample).content
    before = zipfile.ZipFile(io.BytesIO(template.docx))
    after = zipfile.ZipFile(io.BytesIO(filled))
    assert set(before.namelist()) == set(after.namelist())
    assert before.read("word/styles.xml") == after.read("word/styles.xml")
