"""LibreOffice, the other engine: for templates with what Typst is not told of."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rendering import allocator
from rendering.allocator import find_allocator
from rendering.building import build_renderer
from rendering.office import Office, OfficeSettings
from rendering.preview import drawn_sample, sample_document
from rendering.renderer import Renderer
from schemas.documents import DocumentKind
from schemas.errors import ProductionFailed, Unavailable
from tests.building.processes import below
from tests.building.renderers import running_renderer

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("office"), typst=False)


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_can_be_made(renderer: Renderer, kind: DocumentKind) -> None:
    assert drawn_sample(renderer, kind).pages


def test_libreoffice_runs_with_the_allocator_that_set_up_installed(renderer: Renderer) -> None:
    renderer.render(sample_document(DocumentKind.STOP_PAYMENT_LETTER))
    host = renderer.engines._office.process_id
    assert host is not None
    (office,) = below(host, "soffice.bin")
    assert str(find_allocator()) in Path(f"/proc/{office}/maps").read_text()


@pytest.mark.parametrize("there", [False, True])
def test_without_an_allocator_or_with_a_broken_one_letters_are_made_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    broken = tmp_path / "libjemalloc.so.2"
    broken.write_bytes(b"no library")
    monkeypatch.setattr(allocator, "find_allocator", lambda: broken if there else None)
    made = build_renderer(work_dir=tmp_path / "work", typst=False)
    try:
        assert made.render(sample_document(DocumentKind.STOP_PAYMENT_LETTER)).pages
    finally:
        made.close()


def test_a_broken_word_file_stops_itself_alone(tmp_path: Path) -> None:
    office = Office(_settings(tmp_path))
    try:
        with pytest.raises(ProductionFailed, match="unreadable"):
            office.convert(b"this is no Word file", title="x")
        good = build_renderer(work_dir=tmp_path / "good", typst=False)
        good.render(sample_document(DocumentKind.AUDIT_OPINION))
        good.close()
    finally:
        office.close()


def test_a_file_that_cannot_be_written_is_told_and_holds_up_no_other(renderer: Renderer) -> None:
    renderer.render(sample_document(DocumentKind.AUDIT_OPINION))
    office = renderer.engines._office
    folder = office._running()
    request = {"load": str(folder / "letter.docx"), "title": "x"}
    nowhere = {**request, "store": str(folder / "letter.docx" / "letter.pdf")}
    assert _said(office, nowhere) == {"ok": False, "reason": "not exported"}
    written = {**request, "store": str(folder / "other.pdf")}
    assert _said(office, written) == {"ok": True, "reason": ""}


def _said(office: Office, request: Mapping[str, str]) -> Mapping[str, object]:
    answer = office._process.ask(request, 60)
    assert answer is not None
    return answer.message


def test_libreoffice_does_nothing_beside_its_conversions(tmp_path: Path) -> None:
    """What its main thread does then is for a screen: pages laid out, words counted."""
    renderer = build_renderer(work_dir=tmp_path, typst=False)
    planned = sample_document(DocumentKind.RECOVERY_NOTICE)
    renderer.render(planned)
    (office,) = _offices(tmp_path)
    before = _ticks(office)
    for _ in range(10):
        renderer.render(planned)
    beside, whole = (now - then for now, then in zip(_ticks(office), before, strict=True))
    renderer.close()
    assert beside < whole / 20


def test_a_libreoffice_that_dies_is_started_anew_and_leaves_nothing(tmp_path: Path) -> None:
    renderer = build_renderer(work_dir=tmp_path, typst=False)
    planned = sample_document(DocumentKind.AUDIT_OPINION)
    renderer.render(planned)
    for pid in _offices(tmp_path):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProductionFailed) as caught:
        renderer.render(planned)
    assert not caught.value.final
    assert renderer.render(planned).pages == 2
    renderer.close()
    _demand_gone(tmp_path)


def test_a_libreoffice_that_does_not_start_is_no_letter_s_fault(tmp_path: Path) -> None:
    office = Office(replace(_settings(tmp_path), program=Path("/bin/false")))
    with pytest.raises(Unavailable, match="did not start"):
        office.convert(b"any", title="x")
    assert office.process_id is None
    office.close()


def test_a_conversion_that_hangs_is_ended(tmp_path: Path) -> None:
    renderer = build_renderer(work_dir=tmp_path, timeout=1.0, typst=False)
    planned = sample_document(DocumentKind.AUDIT_OPINION)
    for _ in range(5):
        # a busy machine may need longer than a second for a good letter
        try:
            renderer.render(planned)
            break
        except ProductionFailed:
            continue
    for pid in _offices(tmp_path):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ProductionFailed) as caught:
        renderer.render(planned)
    assert caught.value.problem.code == "conversion_timeout"
    _demand_gone(tmp_path)
    renderer.close()


def test_libreoffice_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path;"
        "from rendering.building import build_renderer;"
        "from rendering.preview import sample_document;"
        "from schemas.documents import DocumentKind;"
        f"r = build_renderer(work_dir=Path({str(tmp_path)!r}), typst=False);"
        "r.render(sample_document(DocumentKind.AUDIT_OPINION)); print('up', flush=True);"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"up\n"
    assert _offices(tmp_path)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _demand_gone(tmp_path)


def _settings(folder: Path) -> OfficeSettings:
    return OfficeSettings(
        work_dir=folder / "work", python=Path("/usr/bin/python3"), program=None, timeout=30
    )


def _offices(folder: Path) -> list[int]:
    """Process ids of LibreOffices that work in ``folder``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if (
                b"soffice.bin" in line
                and str(folder).encode() in line
                and b"office_host" not in line
            ):
                found.append(int(entry.name))
    return found


def _ticks(process: int) -> tuple[int, int]:
    """CPU of its main thread and of all its threads, in the kernel's ticks."""
    stats = (Path(f"/proc/{process}/{name}stat") for name in (f"task/{process}/", ""))
    main, whole = (stat.read_text().rpartition(")")[2].split() for stat in stats)
    return int(main[11]) + int(main[12]), int(whole[11]) + int(whole[12])


def _demand_gone(folder: Path) -> None:
    for _ in range(50):
        if not _offices(folder):
            return
        time.sleep(0.1)
    raise AssertionError("a LibreOffice was left running")
