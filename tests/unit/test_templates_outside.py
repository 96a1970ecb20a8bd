"""A Word file that reaches out of itself or runs something: lint names it, nothing fills it."""

import io
import warnings
import zipfile
from collections.abc import Callable

import pytest
from jinja2.exceptions import SecurityError

from rendering.filling import _ENVIRONMENT, WordTemplate
from schemas.documents import DocumentKind
from schemas.errors import Misconfigured
from templates.catalogue import Template, load
from templates.lint import lint
from templates.word import BrokenWordFile, WordFile
from tests.building.words import changed, with_part, zipped

STOP = DocumentKind.STOP_PAYMENT_LETTER
VALUE = "{{ stop_from }}"
RELATIONS = "word/_rels/document.xml.rels"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LISTENER = "http://127.0.0.1:9/x"


def related(kind: str, target: str, more: str = "") -> Template:
    """The template with one more relation of its body."""
    relation = f'<Relationship Id="evil" Type="{_TYPES}/{kind}" Target="{target}" {more}/>'
    return changed(STOP, "</Relationships>", f"{relation}</Relationships>", part=RELATIONS)


def torn_field(*pieces: str) -> Template:
    """The template with a field whose instruction is torn into runs."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{w}"/></w:r>' for w in ("begin", "end"))
    return after_value(f"{begin}{runs}{end}")


def after_value(xml: str) -> Template:
    """The template with ``xml`` behind the run of a value."""
    return changed(STOP, VALUE, f"{VALUE}</w:t></w:r>{xml}<w:r><w:t>")


def simple_field(instruction: str) -> Template:
    return after_value(f'<w:fldSimple w:instr="{instruction}"/>')


EXTERNAL = 'TargetMode="External"'
HOSTILE: dict[str, tuple[str, Callable[[], Template]]] = {
    "linked image": ("outside_reference", lambda: related("image", LISTENER, EXTERNAL)),
    "image without the mark": ("outside_reference", lambda: related("image", LISTENER)),
    "mark in single quotes": (
        "outside_reference",
        lambda: related("image", "a.png", "TargetMode = 'External'"),
    ),
    "share of Windows": (
        "outside_reference",
        lambda: related("image", r"\\127.0.0.1\share\a.png", EXTERNAL),
    ),
    "local file": ("outside_reference", lambda: related("image", "file:///etc/passwd")),
    "path out of the file": ("outside_reference", lambda: related("image", "../../../x.png")),
    "attached template": (
        "outside_reference",
        lambda: related("attachedTemplate", LISTENER, EXTERNAL),
    ),
    "sub-document": ("outside_reference", lambda: related("subDocument", LISTENER, EXTERNAL)),
    "mail merge": ("outside_reference", lambda: related("mailMergeSource", LISTENER, EXTERNAL)),
    "hyperlink": ("outside_reference", lambda: related("hyperlink", LISTENER, EXTERNAL)),
    "address in an attribute": (
        "outside_reference",
        lambda: after_value(f'<w:r><w:pict src="{LISTENER}"/></w:r>'),
    ),
    "OLE object": ("active_content", lambda: related("oleObject", "embeddings/x.bin")),
    "control": ("active_content", lambda: related("control", "activeX/activeX1.xml")),
    "macros": ("active_content", lambda: related("vbaProject", "vbaProject.bin")),
    "frame": ("active_content", lambda: related("frame", "x.xml")),
    "alternative chunk": ("active_content", lambda: related("aFChunk", "x.html")),
    "altChunk itself": ("active_content", lambda: after_value("<w:altChunk/>")),
    "another main part": (
        "active_content",
        lambda: changed(STOP, "word/document.xml", "word/evil.xml", part="_rels/.rels"),
    ),
    "part that is no XML": ("active_content", lambda: related("header", "header9.png")),
    "part of macros": ("active_content", lambda: with_part(STOP, "word/vbaProject.bin", b"x")),
    "web page": ("active_content", lambda: with_part(STOP, "word/chunk.html", b"<html/>")),
    "embedded workbook": (
        "active_content",
        lambda: with_part(STOP, "word/embeddings/x.xlsx", b"PK"),
    ),
    "drawing that says it is a picture": (
        "active_content",
        lambda: with_part(STOP, "word/media/a.png", b"<svg/>"),
    ),
    "XML in capitals": ("active_content", lambda: with_part(STOP, "word/header9.XML", b"<a/>")),
    "type with macros": (
        "active_content",
        lambda: changed(
            STOP,
            "wordprocessingml.document.main+xml",
            "wordprocessingml.macroEnabledTemplate.main+xml",
            part="[Content_Types].xml",
        ),
    ),
    "DDE": ("forbidden_field", lambda: simple_field("DDE cmd x y")),
    "DDEAUTO": ("forbidden_field", lambda: torn_field(" DDE", "AUTO c:\\\\x y ")),
    "INCLUDETEXT": ("forbidden_field", lambda: torn_field(' INCLUDETEXT "/etc/passwd" ')),
    "INCLUDEPICTURE": ("forbidden_field", lambda: torn_field(" INCLUDE", "PICTURE a.png ")),
    "LINK": ("forbidden_field", lambda: simple_field("LINK Excel.Sheet.8 a.xls")),
    "RD": ("forbidden_field", lambda: simple_field("RD a.docx")),
    "DATABASE": ("forbidden_field", lambda: simple_field("DATABASE \\d a.mdb")),
    "MACROBUTTON": ("forbidden_field", lambda: simple_field("MACROBUTTON x y")),
    "field in a field": (
        "forbidden_field",
        lambda: torn_field(
            ' PAGE </w:instrText><w:fldChar w:fldCharType="begin"/><w:instrText> QUOTE 1 '
            '</w:instrText><w:fldChar w:fldCharType="end"/><w:instrText>'
        ),
    ),
    "field that data writes": ("forbidden_field", lambda: simple_field(" {{ stop_from }} ")),
    "instruction without a field": (
        "forbidden_field",
        lambda: after_value("<w:r><w:instrText>DDE x</w:instrText></w:r>"),
    ),
    "field without an end": (
        "forbidden_field",
        lambda: after_value(
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE x</w:instrText></w:r>'
        ),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_reaches_out_is_named_by_lint_and_never_filled(name: str) -> None:
    rule, build = HOSTILE[name]
    template = build()
    assert rule in {finding.rule for finding in lint(template)}
    with pytest.raises(Misconfigured, match="may not hold"):
        WordTemplate(STOP.value, template.docx)


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_the_program_brings_is_filled(kind: DocumentKind) -> None:
    WordTemplate(kind.value, load(kind).docx)


def test_a_field_for_the_page_may_stand() -> None:
    WordTemplate("x", torn_field(" PA", "GE ", " \\* MERGEFORMAT ").docx)


def twice(name: str) -> bytes:
    """The template's package with one part in it twice: readers differ in which counts."""
    parts = WordFile.read(load(STOP).docx).parts
    buffer = io.BytesIO(zipped(parts))
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr(name, parts["word/document.xml"])
    return buffer.getvalue()


def bomb() -> bytes:
    return zipped({"word/document.xml": bytes(40 * 1024 * 1024)})


def with_type(declaration: str, part: str = "word/header1.xml") -> bytes:
    parts = WordFile.read(load(STOP).docx).parts
    text = parts[part].decode()
    head, rest = text.split("?>", 1)
    return zipped({**parts, part: f"{head}?>{declaration}{rest}".encode()})


XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BROKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "external entity": ("document type", lambda: with_type(XXE)),
    "entities in entities": ("document type", lambda: with_type(LAUGHS, "word/styles.xml")),
    "type from elsewhere": (
        "document type",
        lambda: with_type(f'<!DOCTYPE x SYSTEM "{LISTENER}">', "word/document.xml"),
    ),
    "type in relations": ("document type", lambda: with_type(XXE, RELATIONS)),
    "zip bomb": ("more than 32 MB", bomb),
    "many parts": ("1000 parts", lambda: zipped({f"a{n}.xml": b"<a/>" for n in range(1001)})),
    "part twice": ("twice", lambda: twice("word/document.xml")),
    "part twice but for capitals": ("twice", lambda: twice("word/Document.xml")),
    "rising name": ("leads out", lambda: zipped({"../../evil.xml": b"<a/>"})),
    "absolute name": ("leads out", lambda: zipped({"/etc/evil.xml": b"<a/>"})),
    "name of Windows": ("leads out", lambda: zipped({"word\\..\\evil.xml": b"<a/>"})),
    "name with a drive": ("leads out", lambda: zipped({"c:evil.xml": b"<a/>"})),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_package_that_is_a_trap_is_no_word_file(name: str) -> None:
    said, build = BROKEN[name]
    content = build()
    with pytest.raises(BrokenWordFile, match=said):
        WordFile.read(content)
    with pytest.raises(Misconfigured):
        WordTemplate("x", content)


@pytest.mark.parametrize(
    "expression", ["''.__class__", "value.__init__", "cycler.__init__.__globals__.os"]
)
def test_beneath_all_checks_the_sandbox_holds(expression: str) -> None:
    with pytest.raises(SecurityError):
        _ENVIRONMENT.from_string(f"{{{{ {expression}.x('y') }}}}").render(value="v")
