"""The demo's gallery: by kind, with PDFs, in one language, on a telephone."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.gallery import Exhibit, write_gallery
from commands.language import choose
from tests.building.sealing import rendered

#: what a long number and digest of a letter look like
NUMBER, SHA256 = "稽（待遇）字〔2026〕第1号", "0123456789abcdef" * 4
#: Chinese, but for the numbers and values that letters have
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    choose(request.param)
    yield request.param
    choose(None)


def exhibit(kind: str, place: int, *, sha256: str | None = None) -> Exhibit:
    return Exhibit(
        kind=kind,
        kind_in_words=kind.replace("_", " "),
        number=f"{NUMBER}{place}",
        fields={"number": NUMBER, "SHA-256": SHA256, "nothing": None, "case": "<b>&"},
        sha256=sha256 or f"{place:064x}",
        content=lambda: rendered().content,
    )


def page(folder: Path, *exhibits: Exhibit) -> str:
    return write_gallery(folder, exhibits, each=lambda: None).read_text(encoding="utf-8")


def test_the_contents_lead_to_each_kind_with_how_many_there_are(tmp_path: Path) -> None:
    text = page(tmp_path, exhibit("a_letter", 1), exhibit("a_letter", 2), exhibit("b_letter", 3))
    entries = re.findall(r'<li><a href="#(\w+)">([^<]+)</a><span>(\d+)</span>', text)
    assert entries == [("a_letter", "a letter", "2"), ("b_letter", "b letter", "1")]
    assert re.findall(r'<section id="(\w+)">', text) == ["a_letter", "b_letter"]


def test_every_link_leads_to_a_file_of_the_gallery(tmp_path: Path) -> None:
    text = page(tmp_path, exhibit("a_letter", 1), exhibit("b_letter", 2))
    links = re.findall(r'(?:href|src)="([^#"]+)"', text)
    assert {link.partition("/")[0] for link in links} == {"pages", "letters"}
    assert all((tmp_path / link).is_file() for link in links)
    (letter,) = {link for link in links if link == f"letters/{1:064x}.pdf"}
    assert (tmp_path / letter).read_bytes().startswith(b"%PDF")


def test_what_is_there_is_not_written_again_and_what_lacks_is(tmp_path: Path) -> None:
    page(tmp_path, exhibit("a_letter", 1))
    letter = tmp_path / "letters" / f"{1:064x}.pdf"
    before = letter.stat().st_mtime_ns
    page(tmp_path, exhibit("a_letter", 1))
    assert letter.stat().st_mtime_ns == before
    letter.unlink()
    page(tmp_path, exhibit("a_letter", 1))
    assert letter.exists()


def test_values_are_text_and_never_markup(tmp_path: Path) -> None:
    text = page(tmp_path, exhibit("a_letter", 1))
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text
    assert "nothing" not in text


def test_the_page_speaks_one_language(tmp_path: Path, language: str) -> None:
    text = page(tmp_path, exhibit("a_letter", 1)).replace(NUMBER, "")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in text
    assert bool(HAN.search(text)) is (language == "zh")


def test_nothing_is_wider_than_a_telephone(tmp_path: Path) -> None:
    text = page(tmp_path, exhibit("a_letter", 1))
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser is None:
        pytest.skip("no chromium to measure it with")
    measured = tmp_path / "measured.html"
    script = "<script>onload=()=>document.title=document.scrollingElement.scrollWidth</script>"
    measured.write_text(text.replace("</html>", f"{script}</html>"), encoding="utf-8")
    shown = subprocess.run(
        [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--window-size=360,740"),
            *("--virtual-time-budget=5000", "--dump-dom", measured.as_uri()),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (width,) = re.findall(r"<title>(\d+)</title>", shown.stdout)
    assert int(width) <= 360
