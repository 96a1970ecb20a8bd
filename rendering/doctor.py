"""Whether this machine can render letters: fonts, Typst, and LibreOffice where it is needed."""

import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rendering.allocator import find_allocator
from rendering.building import build_renderer
from rendering.fonts import (
    PROJECT_FONTS,
    RARE,
    missing_faces,
    missing_families,
    write_configuration,
)
from rendering.office import find_program
from rendering.pinned import other_fonts
from rendering.preview import drawn_sample
from rendering.typst.typesetter import Typesetter
from schemas.documents import DocumentKind
from schemas.errors import HanyinError, Misconfigured
from templates.catalogue import load

#: seconds that a program may take to say what it is; the first start on a cold disk is slow
_SECONDS = 60
_SET_UP = ("运行 make setup 或 make setup-office", "run `make setup`, or `make setup-office`")
_PYTHON = Path("/usr/bin/python3")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at; ``advice`` is for where it is not ``ok``."""

    name: str
    name_en: str
    ok: bool
    #: what was found
    detail: str
    detail_en: str
    #: what to do
    advice: str
    advice_en: str


def check_rendering(*, office_python: Path, office_program: Path | None) -> list[Check]:
    """Every part that a letter needs, in the order in which it needs them; raises nothing.

    LibreOffice need not be there: it makes what Typst is not told of. One that is there and does
    not work is a fault.
    """
    with tempfile.TemporaryDirectory(prefix="hanyin-doctor-") as folder:
        place = Path(folder)
        checks = [*_fonts(place), _typst(place), _trial(place, typst=True)]
        try:
            find_program(office_program)
        except Misconfigured:
            if office_program is None:
                return [*checks, _WITHOUT_OFFICE]
        parts = [_office(office_program, place), _python(office_python)]
        if all(check.ok for check in parts):
            parts.append(_trial(place, office_python, office_program))
        return [*checks, *parts]


def _fonts(place: Path) -> list[Check]:
    try:
        configuration = write_configuration(place)
        faces = missing_faces(configuration)
        rare = missing_families(RARE, configuration)
        others = other_fonts(configuration)
    except Misconfigured as error:
        return [_check("字体配置", "fontconfig", error.sentence.zh, error.sentence.en, ok=False)]
    return [
        _check("字体配置", "fontconfig", "fc-list", "fc-list", ok=True),
        _lacking("公文字体", "official typefaces", faces),
        _lacking("生僻字字体", "fonts for rare characters", rare),
        _versions(others),
    ]


def _versions(others: list[str]) -> Check:
    """A free face with other bytes is a fault; a system's other font for rare characters is not."""
    name, name_en = "字体版本", "font versions"
    if not others:
        return _check(name, name_en, "与本版本一致", "those of this version", ok=True)
    files = "、".join(others)
    own = any((PROJECT_FONTS / other).is_file() for other in others)
    return Check(
        name=name,
        name_en=name_en,
        ok=not own,
        detail=f"与本版本所用的不同：{files}；同样的数据会得到不同的字节",
        detail_en=f"other than this version's: {files}; the same data gives other bytes",
        advice=f"删除 {PROJECT_FONTS} 后运行 make setup",
        advice_en=f"remove {PROJECT_FONTS} and run `make setup`",
    )


def _lacking(name: str, name_en: str, missing: list[str]) -> Check:
    if not missing:
        return _check(name, name_en, "齐全", "all there", ok=True)
    families = "、".join(missing)
    return _check(name, name_en, f"缺少 {families}", f"missing: {families}", ok=False)


def _office(program: Path | None, place: Path) -> Check:
    try:
        found = find_program(program)
    except Misconfigured as error:
        return _check("LibreOffice", "LibreOffice", error.sentence.zh, error.sentence.en, ok=False)
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    said = _said([str(found), "--headless", "--version", profile], home=place)
    if said is None:
        return _check(
            "LibreOffice", "LibreOffice", f"{found} 不能运行", f"{found} does not run", ok=False
        )
    quick = find_allocator() is not None
    memory, memory_en = (
        ("jemalloc", "jemalloc")
        if quick
        else (
            "没有 jemalloc，转换慢一些：make setup-office",
            "without jemalloc, slower: `make setup-office`",
        )
    )
    return _check(
        "LibreOffice",
        "LibreOffice",
        f"{said}（{found}；{memory}）",
        f"{said} ({found}; {memory_en})",
        ok=True,
    )


def _python(python: Path) -> Check:
    words = [str(python), "-I", "-c", "import uno, platform; print(platform.python_version())"]
    name, name_en = "带 uno 模块的 Python", "python with the uno module"
    said = _said(words, home=None)
    if said is not None:
        return _check(name, name_en, f"{said}（{python}）", f"{said} ({python})", ok=True)
    return Check(
        name=name,
        name_en=name_en,
        ok=False,
        detail=f"{python} 不能导入 uno",
        detail_en=f"{python} cannot import uno",
        advice="运行 make setup-office（python3-uno），或设置 HANYIN_OFFICE_PYTHON",
        advice_en="run `make setup-office` (python3-uno), or set HANYIN_OFFICE_PYTHON",
    )


def _typst(place: Path) -> Check:
    """Typst starts, and which limits its process has."""
    try:
        fonts = write_configuration(place)
        with closing(Typesetter(place / "typst", fonts=fonts, timeout=_SECONDS)) as typesetter:
            held = ", ".join(typesetter.held)
    except HanyinError as error:
        return _check("Typst", "Typst", error.sentence.zh, error.sentence.en, ok=False)
    said = version("typst")
    return _check("Typst", "Typst", f"{said}（{held}）", f"{said} ({held})", ok=True)


def _trial(
    place: Path, python: Path | None = None, program: Path | None = None, *, typst: bool = False
) -> Check:
    """A form that is made here and now: what else the engine lacks shows in it."""
    by = "Typst" if typst else "LibreOffice"
    name, name_en = f"试制一份文书（{by}）", f"a form, made by {by}"
    kind = DocumentKind.SERVICE_RECORD
    try:
        renderer = build_renderer(
            work_dir=place / f"trial-{by}",
            office_python=python or _PYTHON,
            office_program=program,
            typst=typst,
        )
        with closing(renderer):
            pages = drawn_sample(renderer, kind).pages
    except HanyinError as error:
        return _check(name, name_en, error.sentence.zh, error.sentence.en, ok=False)
    called = load(kind).manifest.name
    return _check(name, name_en, f"{called}，{pages} 页", f"{called}, pages: {pages}", ok=True)


def _said(words: list[str], *, home: Path | None) -> str | None:
    """The first line that the program prints; None where it fails, hangs or is not there."""
    try:
        ended = subprocess.run(
            words,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home or "/")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, UnicodeError, subprocess.SubprocessError):
        return None
    return next((line.strip() for line in ended.stdout.splitlines() if line.strip()), None)


def _check(name: str, name_en: str, detail: str, detail_en: str, *, ok: bool) -> Check:
    """A check whose advice is the set-up, which installs all of these."""
    advice, advice_en = _SET_UP
    return Check(
        name=name,
        name_en=name_en,
        ok=ok,
        detail=detail,
        detail_en=detail_en,
        advice=advice,
        advice_en=advice_en,
    )


_WITHOUT_OFFICE = _check(
    "LibreOffice",
    "LibreOffice",
    "未安装；Typst 不能排版的模板才需要它：make setup-office",
    "not installed; only templates that Typst cannot make need it: `make setup-office`",
    ok=True,
)
