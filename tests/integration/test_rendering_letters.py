"""Letters made by the real LibreOffice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rendering import allocator
from rendering.allocator import find_allocator
from rendering.building import build_renderer
from rendering.finishing import finish
from rendering.golden import differences, remake
from rendering.office import Office, OfficeSettings
from rendering.pdf import PdfFile, text_of
from rendering.preview import drawn_sample, sample_document
from rendering.renderer import Renderer
from schemas.documents import DocumentKind, FormPdf, PlannedDocument
from schemas.errors import ProductionFailed, Unavailable
from templates.catalogue import load
from tests.building.processes import below
from tests.building.renderers import running_renderer

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("office"))


def letter(kind: DocumentKind, **values: str) -> PlannedDocument:
    planned = sample_document(kind)
    return replace(planned, data={**planned.data, **values})


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_looks_as_it_did_when_somebody_last_looked(
    renderer: Renderer, kind: DocumentKind
) -> None:
    assert differences(kind, drawn_sample(renderer, kind)) == []


def test_golden_pages_are_as_black_as_the_letter_and_find_what_is_drawn_otherwise(
    renderer: Renderer, tmp_path: Path
) -> None:
    kind = DocumentKind.RECOVERY_NOTICE
    (tmp_path / kind.value).mkdir()
    remake(kind, renderer.render(sample_document(kind)), tmp_path)
    assert differences(kind, renderer.render(sample_document(kind)), tmp_path) == []
    other = renderer.render(letter(kind, party_category="企业职工养老保险待遇领取人员"))
    found = differences(kind, other, tmp_path)
    assert any("golden-1.png" in line for line in found)


def test_libreoffice_runs_with_the_allocator_that_set_up_installed(renderer: Renderer) -> None:
    renderer.render(letter(DocumentKind.STOP_PAYMENT_LETTER))
    host = renderer._office.process_id
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
    made = build_renderer(work_dir=tmp_path / "work")
    try:
        assert made.render(letter(DocumentKind.STOP_PAYMENT_LETTER)).pages
    finally:
        made.close()


def test_rare_characters_and_template_signs_are_printed_as_they_are(renderer: Renderer) -> None:
    facts = '𠅤㛃䶮 <甲&乙> "丙" {{ 丁 }} {% 戊 %}'
    rendered = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts=facts))
    assert "".join(facts.split()) in text_of(rendered.content)


@pytest.mark.parametrize(("character", "name"), [("\ue000", "U+E000"), ("\U0002fa1e", "U+2FA1E")])
def test_a_character_that_no_font_has_is_named(
    renderer: Renderer, character: str, name: str
) -> None:
    with pytest.raises(ProductionFailed, match=name.replace("+", r"\+")) as caught:
        renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts=f"甲{character}"))
    assert caught.value.final
    assert caught.value.problem.code == "glyph_missing"


def test_nothing_of_a_letter_is_in_the_next(renderer: Renderer) -> None:
    renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="前一份文书的内容"))
    after = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="这一份文书的内容"))
    assert "前一份" not in text_of(after.content)


def test_ten_thousand_characters_run_over_as_many_pages_as_it_takes(renderer: Renderer) -> None:
    short = renderer.render(sample_document(DocumentKind.RECOVERY_NOTICE))
    long = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="核实情况如下。" * 1428))
    assert long.pages > short.pages
    # a sentence may be cut in two by a page's end, a character is not
    more = text_of(long.content).count("况") - text_of(short.content).count("况")
    assert more >= 1428 - 1
    assert 0 < long.seal_at.page < long.pages


def test_the_file_names_its_number_and_nobody(renderer: Renderer) -> None:
    planned = sample_document(DocumentKind.STOP_PAYMENT_LETTER)
    content = renderer.render(planned).content
    utf16 = str(planned.number).encode("utf-16-be").hex().upper().encode()
    assert utf16 in content or str(planned.number).encode() in content
    assert b"/Author" not in content


def test_what_a_letter_must_say_is_looked_for_on_all_its_pages(renderer: Renderer) -> None:
    planned = sample_document(DocumentKind.RECOVERY_NOTICE)
    file = PdfFile(content=renderer.render(planned).content)
    number, last = str(planned.number), "本表一式二份，社会保险经办机构、当事人各一份。"
    pages = list(file.texts())
    assert last in pages[-1]
    assert last not in "".join(pages[:-1])
    assert finish(file, must_say=[number, last]).pages == len(pages) > 1
    with pytest.raises(ProductionFailed, match="expected text 1"):
        finish(file, must_say=[number, "稽（待遇）字〔1999〕第9号", last])


def test_a_form_goes_out_without_a_seal_but_names_the_letter_it_belongs_to(
    renderer: Renderer,
) -> None:
    kind = DocumentKind.SERVICE_RECORD
    sample = load(kind).sample
    form = renderer.render_form(kind, sample)
    assert (type(form), form.pages) == (FormPdf, 1)
    with pytest.raises(ProductionFailed) as caught:
        renderer.render_form(kind, {**sample, "number": "\ue000"})
    assert caught.value.problem.code == "glyph_missing"


def test_a_broken_word_file_stops_itself_alone(tmp_path: Path) -> None:
    office = Office(_settings(tmp_path))
    try:
        with pytest.raises(ProductionFailed, match="unreadable"):
            office.convert(b"this is no Word file", title="x")
        good = build_renderer(work_dir=tmp_path / "good")
        good.render(sample_document(DocumentKind.AUDIT_OPINION))
        good.close()
    finally:
        office.close()


def test_a_file_that_cannot_be_written_is_told_and_holds_up_no_other(renderer: Renderer) -> None:
    renderer.render(sample_document(DocumentKind.AUDIT_OPINION))
    office = renderer._office
    folder = office._running()
    request = {"load": str(folder / "letter.docx"), "title": "x"}
    nowhere = {**request, "store": str(folder / "letter.docx" / "letter.pdf")}
    assert office._ask(nowhere, 60) == {"ok": False, "reason": "not exported"}
    written = {**request, "store": str(folder / "other.pdf")}
    assert office._ask(written, 60) == {"ok": True, "reason": ""}


def test_libreoffice_does_nothing_beside_its_conversions(tmp_path: Path) -> None:
    """What its main thread does then is for a screen: pages laid out, words counted."""
    renderer = build_renderer(work_dir=tmp_path)
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
    renderer = build_renderer(work_dir=tmp_path)
    planned = sample_document(DocumentKind.AUDIT_OPINION)
    renderer.render(planned)
    for pid in _offices(tmp_path):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProductionFailed) as caught:
        renderer.render(planned)
    assert not caught.value.final
    assert renderer.render(planned).pages == 1
    renderer.close()
    _demand_gone(tmp_path)


def test_a_libreoffice_that_does_not_start_is_no_letter_s_fault(tmp_path: Path) -> None:
    office = Office(replace(_settings(tmp_path), program=Path("/bin/false")))
    with pytest.raises(Unavailable, match="did not start"):
        office.convert(b"any", title="x")
    assert office.process_id is None
    office.close()


def test_a_conversion_that_hangs_is_ended(tmp_path: Path) -> None:
    renderer = build_renderer(work_dir=tmp_path, timeout=1.0)
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
        f"r = build_renderer(work_dir=Path({str(tmp_path)!r}));"
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
