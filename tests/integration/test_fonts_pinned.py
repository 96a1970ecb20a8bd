"""The fonts that letters are made with, by their digests."""

from pathlib import Path

import pytest

from rendering import doctor, pinned
from rendering.fonts import PROJECT_FONTS, write_configuration
from rendering.pinned import other_fonts, pinned_fonts

FACE = "FandolFang-Regular.otf"


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list in which one face has another digest; its font configuration."""
    own = tmp_path / "fonts.sha256"
    others = (f"{digest}  {name}\n" for name, digest in pinned_fonts().items() if name != FACE)
    own.write_text("".join(others) + f"{'0' * 64}  {FACE}\n")
    monkeypatch.setattr(pinned, "_LIST", own)
    return write_configuration(tmp_path)


def test_each_face_that_the_set_up_unpacks_is_pinned() -> None:
    assert {file.name for file in PROJECT_FONTS.glob("*.otf")} <= pinned_fonts().keys()


def test_a_font_of_other_bytes_is_named(changed: Path) -> None:
    assert FACE in other_fonts(changed)


def test_a_font_that_is_not_pinned_is_an_offices_own(changed: Path) -> None:
    pinned._LIST.write_text("")
    assert other_fonts(changed) == []


def test_doctor_says_which_face_has_other_bytes(changed: Path) -> None:
    found = {check.name_en: check for check in doctor._fonts(changed.parent)}
    assert not found["font versions"].ok
    assert FACE in found["font versions"].detail_en


def test_another_font_for_rare_characters_is_named_and_no_fault() -> None:
    check = doctor._versions(["HanaMinA.ttf"])
    assert check.ok
    assert "HanaMinA.ttf" in check.detail_en
