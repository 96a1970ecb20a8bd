"""Real letters: every kind's sample as Typst makes it, sealed by our own sealer."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

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
def letter(kind: DocumentKind = KIND, number: str = NUMBER) -> bytes:
    """A sealed letter."""
    rendered = rendered_letters()[kind]
    return sealer().seal(rendered, document_number=number, at=AT).content


@cache
def raised_letter(kind: DocumentKind = KIND) -> bytes:
    """The same, raised by the archive."""
    return raised(letter(kind))
