"""Lint is silent about the templates as they are, and finds each planted fault."""

from dataclasses import replace

import pytest

from schemas.documents import DocumentKind
from templates.catalogue import Template, load
from templates.lint import HEAVY, lint
from templates.manifest import Variable
from templates.word import WordFile
from tests.building.words import changed, with_part

STOP = DocumentKind.STOP_PAYMENT_LETTER
NOTICE = DocumentKind.RECOVERY_NOTICE
#: bytes that a Word file may weigh; python-docx's default is 37 000
SLIM = 20_000


def found(template: Template) -> list[tuple[str, str]]:
    return [(finding.rule, finding.subject) for finding in lint(template)]


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_templates_are_sound_and_slim(kind: DocumentKind) -> None:
    template = load(kind)
    assert found(template) == []
    assert len(template.docx) < SLIM


def test_a_variable_that_the_manifest_lacks_and_one_that_the_template_lacks_are_both_named() -> (
    None
):
    assert found(changed(STOP, "{{ stop_from }}", "{{ stop_form }}")) == [
        ("unknown_variable", "stop_form"),
        ("unused_variable", "stop_from"),
    ]


def test_a_variable_torn_apart_by_word_is_still_one() -> None:
    torn = "{{ stop_</w:t></w:r><w:r><w:t>from }}"
    assert found(changed(STOP, "{{ stop_from }}", torn)) == []


def test_a_column_that_rows_lack_is_named_with_its_rows() -> None:
    assert found(changed(NOTICE, "{{ item.reason }}", "{{ item.cause }}")) == [
        ("unknown_variable", "overpayments.cause"),
        ("unused_variable", "overpayments.reason"),
    ]


def test_rows_that_are_printed_instead_of_repeated_are_named() -> None:
    template = load(STOP)
    variables = tuple(
        Variable.model_validate(
            {
                "name": "bank_name",
                "type": "rows",
                "meaning": "x",
                "columns": [{"name": "a", "meaning": "b"}],
            }
        )
        if variable.name == "bank_name"
        else variable
        for variable in template.manifest.variables
    )
    manifest = template.manifest.model_copy(update={"variables": variables})
    assert found(replace(template, manifest=manifest)) == [("wrong_use", "bank_name")]


@pytest.mark.parametrize(
    ("expression", "finding"),
    [
        ("stop_from|safe", ("forbidden_filter", "|safe")),
        ("stop_from|upper", ("forbidden_filter", "|upper")),
        ("stop_from.__class__", ("forbidden_attribute", ".__class__")),
        ("stop_from.strip()", ("forbidden_construct", "Call")),
        ("stop_from['x']", ("forbidden_construct", "Getitem")),
        ("stop_from ~ stop_from", ("forbidden_construct", "Concat")),
        ("stop_from or 'x'", ("forbidden_construct", "Const")),
    ],
)
def test_what_could_do_more_than_print_is_named(expression: str, finding: tuple[str, str]) -> None:
    assert finding in found(changed(STOP, "{{ stop_from }}", "{{ " + expression + " }}"))


@pytest.mark.parametrize(
    ("statement", "construct"),
    [
        ("{% set x = stop_from %}", "Assign"),
        ("{% include 'x' %}", "Include"),
        ("{% for a, b in stop_from %}{% endfor %}", "for over an expression"),
    ],
)
def test_a_statement_other_than_if_and_for_is_named(statement: str, construct: str) -> None:
    template = changed(STOP, "{{ stop_from }}", "{{ stop_from }}" + statement)
    assert ("forbidden_construct", construct) in found(template)


def test_a_rows_hidden_attribute_is_named() -> None:
    template = changed(NOTICE, "{{ item.reason }}", "{{ item.reason }}{{ item.__class__ }}")
    assert ("forbidden_attribute", ".__class__") in found(template)


def test_braces_that_do_not_come_in_pairs_are_named() -> None:
    (finding,) = lint(changed(STOP, "{{ stop_from }}", "{% if stop_from %}"))
    assert finding.rule == "broken_expression"


def test_a_mark_in_a_footer_counts_as_use() -> None:
    template = changed(STOP, "— ", "{{ nobody }}", part="word/footer1.xml")
    assert found(template) == [("unknown_variable", "nobody")]


def test_a_mark_where_nothing_is_filled_in_is_named() -> None:
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:footnote><w:p><w:r><w:t>{{ number }}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    template = with_part(STOP, "word/footnotes.xml", notes.encode())
    assert found(template) == [("marks_elsewhere", "word/footnotes.xml")]


def test_a_bookmark_that_is_missing_or_repeated_is_named() -> None:
    assert found(changed(STOP, '"seal_to"', '"seal_end"')) == [("bookmark_missing", "seal_to")]
    assert found(changed(STOP, '"seal_to"', '"seal_from"')) == [
        ("bookmark_repeated", "seal_from"),
        ("bookmark_missing", "seal_to"),
    ]


def test_a_font_of_no_official_family_is_named() -> None:
    styles = "word/styles.xml"
    template = changed(STOP, 'w:eastAsia="方正小标宋简体"', 'w:eastAsia="等线"', part=styles)
    assert found(template) == [("font_not_official", "等线")]
    template = changed(STOP, 'w:eastAsia="方正小标宋简体"', 'w:eastAsiaTheme="minor"', part=styles)
    assert found(template) == [("font_not_official", "minor")]


def test_a_default_without_a_chinese_font_is_named() -> None:
    template = changed(STOP, 'w:eastAsia="仿宋_GB2312"', "", part="word/styles.xml")
    assert found(template) == [("font_not_set", "word/styles.xml")]


def test_links_and_active_content_are_named() -> None:
    links = b'<Relationships><Relationship TargetMode="External"/></Relationships>'
    assert found(with_part(STOP, "word/_rels/header1.xml.rels", links)) == [
        ("outside_reference", "word/_rels/header1.xml.rels")
    ]
    assert found(with_part(STOP, "word/vbaProject.bin", b"x")) == [
        ("active_content", "word/vbaProject.bin")
    ]


def test_a_heavy_file_is_named_with_its_weight() -> None:
    template = with_part(STOP, "docProps/thumbnail.jpeg", b"\xff\xd8\xff" + bytes(HEAVY))
    weight = WordFile.read(template.docx).unpacked
    assert found(template) == [("heavy", str(weight))]


def test_a_finding_says_in_both_languages_what_to_do() -> None:
    (finding, *_) = lint(changed(STOP, "{{ stop_from }}", "{{ stop_form }}"))
    assert finding.kind is STOP
    assert "stop_form" in finding.message
    assert "manifest.toml" in finding.message_en
