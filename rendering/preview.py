"""A letter without a case: a template's sample, or data from a file, as a planned document."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rendering.renderer import Renderer
from schemas.codes import Problem
from schemas.documents import (
    NUMBERED,
    DocumentKind,
    DocumentNumber,
    FormPdf,
    PlannedDocument,
    Recipient,
    RenderedPdf,
)
from schemas.errors import Invalid
from templates.catalogue import Template
from templates.library import SHIPPED, Library
from templates.manifest import VariableType, misfits

#: what stands for the ids of a document that no ledger knows
_DOCUMENT_ID, _CASE_NO = "preview", "preview"
#: no agency's code, so that no agency's own template is meant
NO_AGENCY = "preview"
_DAY = re.compile(r"([1-9][0-9]{3})年([1-9][0-9]?)月([1-9][0-9]?)日")
#: what a variable is in JSON, Chinese and English
_JSON_NAMES = {
    VariableType.TEXT: ("字符串", "a string"),
    VariableType.FLAG: ("布尔值", "a boolean"),
    VariableType.ROWS: ("对象列表", "a list of objects"),
}


def sample_document(
    kind: DocumentKind, *, agency: str = NO_AGENCY, library: Library = SHIPPED
) -> PlannedDocument:
    """The planned document of the kind's sample data, as if ``agency`` had issued it."""
    sample = library.template(kind, agency).sample
    return document_of(kind, sample, agency=agency, library=library)


def document_of(
    kind: DocumentKind,
    data: Mapping[str, Any],
    *,
    agency: str = NO_AGENCY,
    library: Library = SHIPPED,
) -> PlannedDocument:
    """The planned document of ``data``, which holds all that the kind's manifest names.

    Raises ``Invalid`` with a pointer for each name that lacks, is unknown or of another type.
    """
    template = _demand_fit(library.template(kind, agency), data)
    number, issued_on = _number(data["number"]), _day(data["issued_on"])
    if number is None or issued_on is None:
        raise Invalid(_unreadable(number, issued_on))
    return PlannedDocument(
        document_id=_DOCUMENT_ID,
        kind=kind,
        agency=agency,
        case_no=_CASE_NO,
        number=number,
        issued_on=issued_on,
        recipient=Recipient(role=template.manifest.recipients[0]),
        data=dict(data),
    )


def drawn(
    renderer: Renderer, kind: DocumentKind, data: Mapping[str, Any], *, agency: str = NO_AGENCY
) -> RenderedPdf | FormPdf:
    """The kind's letter or blank form of ``data``, unsealed; raises as ``document_of``."""
    library = renderer.library
    if kind in NUMBERED:
        return renderer.render(document_of(kind, data, agency=agency, library=library))
    _demand_fit(library.template(kind, agency), data)
    return renderer.render_form(kind, data, agency=agency)


def filled(
    renderer: Renderer, kind: DocumentKind, data: Mapping[str, Any], *, agency: str = NO_AGENCY
) -> bytes:
    """The kind's template filled with ``data``, as a Word file to go on writing in.

    Raises as ``document_of``, and as ``Engines.fill``.
    """
    library = renderer.library
    if kind in NUMBERED:
        document_of(kind, data, agency=agency, library=library)
    template = _demand_fit(library.template(kind, agency), data)
    return renderer.engines.fill(kind.value, template.docx, data).packed


def drawn_sample(
    renderer: Renderer, kind: DocumentKind, *, agency: str = NO_AGENCY
) -> RenderedPdf | FormPdf:
    """The kind's sample data, unsealed."""
    return drawn(renderer, kind, renderer.library.template(kind, agency).sample, agency=agency)


def _demand_fit(template: Template, data: Mapping[str, Any]) -> Template:
    problems = list(_problems(template, data))
    if problems:
        raise Invalid(problems)
    return template


def _problems(template: Template, data: Mapping[str, Any]) -> Iterator[Problem]:
    for name, fault in misfits(template.manifest, data):
        pointer = "/" + name.replace(".", "/*/").replace("~", "~0")
        if fault == "missing":
            yield Problem.of(pointer, "missing")
        elif fault == "unknown":
            yield Problem.of(pointer, "unknown_field")
        else:
            variable = template.manifest.variable(name)
            chinese, english = _JSON_NAMES[variable.type if variable else VariableType.TEXT]
            yield Problem.of(pointer, "wrong_type", expected_zh=chinese, expected=english)


def _unreadable(number: DocumentNumber | None, issued_on: date | None) -> Iterator[Problem]:
    if number is None:
        yield Problem.of("/number", "unknown_value", allowed="稽（待遇）字〔2026〕第12号 …")
    if issued_on is None:
        yield Problem.of("/issued_on", "unknown_value", allowed="2026年3月5日 …")


def _number(text: str) -> DocumentNumber | None:
    try:
        return DocumentNumber.parse(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
