"""``hanyin doctor`` makes a form, so that what an engine lacks is seen before a letter waits."""

from pathlib import Path

import pytest

from rendering import office, profile
from rendering.doctor import Check, check_rendering
from rendering.typst import typesetter

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

PYTHON = Path("/usr/bin/python3")


def checks(program: Path | None = None) -> dict[str, Check]:
    return {
        each.name_en: each for each in check_rendering(office_python=PYTHON, office_program=program)
    }


@pytest.mark.parametrize("engine", ["Typst", "LibreOffice"])
def test_a_form_is_made(engine: str) -> None:
    trial = checks()[f"a form, made by {engine}"]
    assert trial.ok
    assert "1" in trial.detail_en


def test_libreoffice_need_not_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PROGRAMS", ("/nowhere/soffice.bin",))
    found = checks()
    assert found["LibreOffice"].ok
    assert "make setup-office" in found["LibreOffice"].detail_en
    assert found["a form, made by Typst"].ok
    assert "a form, made by LibreOffice" not in found


def test_a_typst_that_does_not_start_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "_START", "import sys; sys.exit(1)")
    found = checks()
    assert not found["Typst"].ok
    assert not found["a form, made by Typst"].ok


def test_a_libreoffice_that_cannot_run_the_macro_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # as without Basic: LibreOffice starts, and knows no such macro
    monkeypatch.setattr(profile, "_MODULE", "Missing")
    found = checks()
    assert found["LibreOffice"].ok
    assert not found["a form, made by LibreOffice"].ok
    assert "Basic" in found["a form, made by LibreOffice"].detail_en
    assert "make setup" in found["a form, made by LibreOffice"].advice_en


def test_nothing_is_tried_with_a_program_that_does_not_run() -> None:
    found = checks(Path("/bin/false"))
    assert not found["LibreOffice"].ok
    assert "a form, made by LibreOffice" not in found
