"""A renderer for the tests of a module, whose engine runs before the first of them."""

from collections.abc import Iterator
from pathlib import Path

from rendering.building import build_renderer
from rendering.office import find_program
from rendering.preview import drawn_sample
from rendering.renderer import Renderer
from schemas.documents import DocumentKind
from schemas.errors import Misconfigured
from tests.servers.absence import missing


def installed_office() -> Path:
    """LibreOffice's program; where there is none the test is skipped, in CI it fails."""
    try:
        return find_program(None)
    except Misconfigured as error:
        missing("LibreOffice", error.sentence.en, "make setup-office")


def running_renderer(folder: Path, *, typst: bool = True) -> Iterator[Renderer]:
    """A renderer that has drawn a form: no test is blamed for the process that all of them use.

    Without ``typst`` the test is skipped where there is no LibreOffice.
    """
    if not typst:
        installed_office()
    made = build_renderer(work_dir=folder, typst=typst)
    try:
        drawn_sample(made, DocumentKind.SERVICE_RECORD)
        yield made
    finally:
        made.close()
