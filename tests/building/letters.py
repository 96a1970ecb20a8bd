"""Real letters: every kind's sample as LibreOffice makes it, sealed by our own sealer."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rendering.building import build_renderer
from rendering.preview import sample_document
from rendering.renderer import Renderer
from schemas.documents import NUMBERED, DocumentKind, RenderedPdf
from tests.building.levels import raised
from tests.building.sealing import AT, sealer

#: the letter that attacks are made from: two pages, from an agency to a bank
KIND = DocumentKind.STOP_PAYMENT_LETTER
NUMBER = "稽（止付）字〔2026〕第7号"


@contextmanager
def _renderer() -> Iterator[Renderer]:
    """The test is skipped where there is no LibreOffice."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="hanyin-letters-") as folder:
        renderer = build_renderer(work_dir=Path(folder))
        try:
            yield renderer
        finally:
            renderer.close()


@cache
def rendered_letters() -> dict[DocumentKind, RenderedPdf]:
    """Made once a process."""
    with _renderer() as renderer:
        return {kind: renderer.render(sample_document(kind)) for kind in NUMBERED}


@cache
def letters_of_a_batch() -> dict[DocumentKind, RenderedPdf]:
    """Two samples a kind, converted together: the second, which needs the first cut away.

    A kind that always goes alone is as ``rendered_letters`` makes it.
    """
    found = dict(rendered_letters())
    with _renderer() as renderer:
        for kind in NUMBERED:
            two = [replace(sample_document(kind), document_id=name) for name in "ab"]
            found[kind] = renderer.render_together(two)[0].get("b", found[kind])
    return found


@cache
def letter(kind: DocumentKind = KIND, number: str = NUMBER) -> bytes:
    """A sealed letter."""
    rendered = rendered_letters()[kind]
    return sealer().seal(rendered, document_number=number, at=AT).content


@cache
def raised_letter(kind: DocumentKind = KIND) -> bytes:
    """The same, raised by the archive."""
    return raised(letter(kind))
