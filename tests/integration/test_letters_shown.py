"""Each kind's number is read from its page without a viewer, which would cost it 6 ms a file."""

from collections.abc import Generator, Iterator

import pytest

from rendering.pdf import PdfFile
from rendering.preview import drawn_sample
from rendering.renderer import Renderer
from schemas.documents import DocumentKind
from tests.building.renderers import running_renderer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("typst"))


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_shipped_letter_needs_no_viewer_to_show_its_number(
    renderer: Renderer, kind: DocumentKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def texts(_: PdfFile) -> Generator[str]:
        yield pytest.fail("a viewer was asked")

    monkeypatch.setattr(PdfFile, "texts", texts)
    assert drawn_sample(renderer, kind).pages
