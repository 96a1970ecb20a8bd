"""TOML is UTF-8 whatever the locale; what cannot be read names file, line and remedy."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from schemas.errors import Misconfigured
from workers.calendar import load_calendar
from workers.directory import load_directory
from workers.settings import load_settings

_DEMO = (resources.files("config") / "demo.toml").read_bytes()
_MARK = b"\xef\xbb\xbf"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("HANYIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _settings(file: Path) -> object:
    file.rename(file.with_name("hanyin.toml"))
    return load_settings()


_READERS: dict[str, tuple[Callable[[Path], object], bytes]] = {
    "directory": (load_directory, _DEMO),
    "calendar": (load_calendar, 'holidays = ["2026-10-01"]  # 国庆\n'.encode()),
    "settings": (_settings, 'lang = "zh"  # 中文\n'.encode()),
}


@pytest.mark.parametrize("kind", _READERS)
def test_a_byte_order_mark_is_passed_over(here: Path, kind: str) -> None:
    read, content = _READERS[kind]
    (here / "plain.toml").write_bytes(content)
    (here / "marked.toml").write_bytes(_MARK + content)
    assert read(here / "marked.toml") == read(here / "plain.toml")


@pytest.mark.parametrize("kind", _READERS)
def test_another_encoding_is_told_with_its_line(here: Path, kind: str) -> None:
    read, content = _READERS[kind]
    file = here / "x.toml"
    file.write_bytes(b"# one\n\n" + content.decode().encode("gb18030"))
    with pytest.raises(Misconfigured, match=r"\.toml, line \d+, is not UTF-8; save"):
        read(file)


@pytest.mark.parametrize("kind", _READERS)
def test_a_slip_is_told_with_its_line(here: Path, kind: str) -> None:
    read, content = _READERS[kind]
    file = here / "x.toml"
    file.write_bytes(content + b"\nname = \n")
    with pytest.raises(Misconfigured, match=r"\.toml is not TOML: .*line \d+"):
        read(file)


def test_the_locale_does_not_matter(here: Path) -> None:
    (here / "hanyin.toml").write_text('lang = "zh"  # 中文\n', encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0"}
    environment |= {"PYTHONCOERCECLOCALE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    program = (
        "from workers.settings import load_settings; from workers.directory import load_directory;"
        "load_settings(); load_directory(None)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)
