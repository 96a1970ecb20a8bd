"""``hanyin doctor`` makes a form, so that what LibreOffice lacks is seen before a letter waits."""

from pathlib import Path

import pytest

from rendering import profile
from rendering.doctor import Check, check_rendering

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

PYTHON = Path("/usr/bin/python3")


def checks(program: Path | None = None) -> dict[str, Check]:
    return {
        each.name_en: each for each in check_rendering(office_python=PYTHON, office_program=program)
    }


def test_a_form_is_made() -> None:
    trial = checks()["a form, made"]
    assert trial.ok
    assert "1" in trial.detail_en


def test_a_libreoffice_that_cannot_run_the_macro_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # as without Basic: LibreOffice starts, and knows no such macro
    monkeypatch.setattr(profile, "_MODULE", "Missing")
    found = checks()
    assert found["LibreOffice"].ok
    assert not found["a form, made"].ok
    assert "Basic" in found["a form, made"].detail_en
    assert "make setup" in found["a form, made"].advice_en


def test_nothing_is_tried_with_a_program_that_does_not_run() -> None:
    found = checks(Path("/bin/false"))
    assert not found["LibreOffice"].ok
    assert "a form, made" not in found
