"""Letters and Word files for tests: their text, and copies with one thing changed."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from docxtpl import DocxTemplate

from cases.case import CaseDocument
from schemas.documents import DocumentKind, RecipientRole
from templates.catalogue import Template, load
from templates.word import DOCUMENT, WordFile, text_of

#: a stop letter that the bank of the first example has
STOP = CaseDocument(
    document_id="d",
    kind=DocumentKind.STOP_PAYMENT_LETTER,
    number="稽（止付）字〔2026〕第7号",
    issued_on=date(2026, 3, 5),
    role=RecipientRole.BANK,
    recipient_name="某某支行",
    bank_code="103551000017",
    account_number="6228481123456789014",
    void=False,
    sent=True,
    about=None,
)


def letter_text(kind: DocumentKind, data: Mapping[str, Any]) -> str:
    """The text of the body of ``kind``'s template filled with ``data``."""
    word = DocxTemplate(io.BytesIO(load(kind).docx))
    word.render(dict(data), autoescape=True)
    filled = io.BytesIO()
    word.save(filled)
    return text_of(WordFile.read(filled.getvalue()).tree(DOCUMENT))


def changed(kind: DocumentKind, old: str, new: str, *, part: str = DOCUMENT) -> Template:
    """``kind``'s template with ``old`` in one part of its Word file replaced by ``new``, once."""
    template = load(kind)
    parts = WordFile.read(template.docx).parts
    before = parts[part].decode()
    assert old in before
    return replace(template, docx=zipped({**parts, part: before.replace(old, new, 1).encode()}))


def with_part(kind: DocumentKind, part: str, content: bytes) -> Template:
    """``kind``'s template with one more part in its Word file."""
    template = load(kind)
    parts = WordFile.read(template.docx).parts
    return replace(template, docx=zipped({**parts, part: content}))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A package of ``parts``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()
