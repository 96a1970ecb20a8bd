"""A renderer for the tests of a module, whose engine runs before the first of them."""

from collections.abc import Iterator
from pathlib import Path

from rendering.building import build_renderer
from rendering.preview import drawn_sample
from rendering.renderer import Renderer
from schemas.documents import DocumentKind


def running_renderer(folder: Path, *, typst: bool = True) -> Iterator[Renderer]:
    """A renderer that has drawn a form: no test is blamed for the process that all of them use."""
    made = build_renderer(work_dir=folder, typst=typst)
    try:
        drawn_sample(made, DocumentKind.SERVICE_RECORD)
        yield made
    finally:
        made.close()
