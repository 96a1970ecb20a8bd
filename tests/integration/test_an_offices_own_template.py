"""A template with table, list, picture and footnote, saved by WPS and LibreOffice: both engines."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from rendering.engines import Engines
from rendering.pdf import PdfFile
from rendering.pictures import pages_as_png
from rendering.typst.compiler import unknown_in
from templates.outside import reaching_out
from templates.word import WordFile
from tests.building.constructs import office_template
from tests.building.origins import origins
from tests.building.pdfa import faults
from tests.building.renderers import running_renderer
from tests.building.saved import by_libreoffice, by_python_docx, by_word, by_wps

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

DATA = {
    "name": "王小明",
    "rows": [{"item": f"养老金第{n}项", "amount": f"{n}00.00"} for n in range(1, 31)],
}
#: points that letters may be apart: lines of natural height are Word's by Typst
CLOSE = 8.0
#: printed anew on each page
_HEAD = Counter("项目金额")


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("typst")):
        yield renderer.engines


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("office"), typst=False):
        yield renderer.engines


def _plain(docx: bytes, _folder: Path) -> bytes:
    return docx


SAVED: dict[str, Callable[[bytes, Path], bytes]] = {
    "as it is": _plain,
    "WPS": lambda docx, _: by_wps(docx),
    "Word": lambda docx, _: by_word(docx),
    "python-docx": lambda docx, _: by_python_docx(docx),
    "LibreOffice": by_libreoffice,
}


@pytest.mark.parametrize("program", SAVED)
def test_both_engines_print_it_alike_whatever_saved_it(
    engines: Engines, office: Engines, tmp_path: Path, program: str
) -> None:
    docx = SAVED[program](office_template(), tmp_path)
    assert list(reaching_out(WordFile.read(docx))) == []
    assert unknown_in(docx) == ()
    one, other = (
        each.convert("test", docx, DATA, title="题", dated=date(2026, 3, 5))
        for each in (engines, office)
    )
    for name, file in (("typst", one), ("libreoffice", other)):
        for number, picture in enumerate(pages_as_png(file.content, dpi=60), start=1):
            (tmp_path / f"{name}-{number}.png").write_bytes(picture)
    assert _said(one) == _said(other)
    assert len(one.pages) == len(other.pages)
    assert faults(one.content) == []
    ours, theirs = origins(one), origins(other)
    apart = {
        letter: (ours[letter], theirs[letter])
        for letter in ours.keys() & theirs.keys()
        if max(abs(a - b) for a, b in zip(ours[letter], theirs[letter], strict=True)) > CLOSE
    }
    assert apart == {}


def test_a_picture_keeps_its_description(engines: Engines) -> None:
    docx = office_template(description="局徽 #read(1)")
    file = engines.convert("test", docx, DATA, title="题", dated=date(2026, 3, 5))
    alternatives = [str(each.Alt) for each in file.pdf.objects if _is_figure(each)]
    assert alternatives == ["局徽 #read(1)"]


def _is_figure(each: object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure" and "/Alt" in each


def _said(file: PdfFile) -> Counter[str]:
    return Counter("".join(file.texts()))
