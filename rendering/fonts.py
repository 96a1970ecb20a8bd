"""Fonts: which ones letters may use, what stands in for which, and which characters they have."""

import subprocess
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from xml.sax.saxutils import escape

from schemas.errors import Misconfigured

#: the families that the templates ask for → the same under other names, then the free stand-in.
#: GB/T 9704 names the faces; Fandol's four are free ones of the same kinds.
STAND_INS: Mapping[str, tuple[str, ...]] = {
    "仿宋_GB2312": ("FangSong_GB2312", "仿宋", "FangSong", "FandolFang"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FandolSong"),
    "宋体": ("SimSun", "FandolSong"),
    "黑体": ("SimHei", "FandolHei"),
    "楷体_GB2312": ("KaiTi_GB2312", "楷体", "KaiTi", "FandolKai"),
}
#: for characters that the face itself lacks, in this order: 宋体 faces with the rare characters
RARE = ("Noto Serif CJK SC", "HanaMinA", "HanaMinB", "BabelStone Han")
#: Unicode categories that fontconfig may list as covered: control characters, of which nothing
#: can be seen, and private use, where each font has its own picture
_UNSEEN = frozenset({"Cc", "Co"})
#: where the set-up unpacks the free faces
PROJECT_FONTS = Path(__file__).resolve().parent.parent / ".cache" / "fonts"
_SYSTEM_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")


def write_configuration(folder: Path) -> Path:
    """The font configuration for our LibreOffice, in ``folder``; its path.

    Only the families named here are offered: what another package installs must not change how
    a letter looks, and a character that none of them has must not turn up in some sans face.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = folder.resolve()
    directories = [*_SYSTEM_FONTS, str(PROJECT_FONTS), "~/.fonts", "~/.local/share/fonts"]
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>",
        *(f"<dir>{escape(name)}</dir>" for name in directories),
        f"<cachedir>{escape(str(folder / 'fontconfig-cache'))}</cachedir>",
        *_selection(),
        *(line for family in STAND_INS for line in _alias(family)),
        "</fontconfig>",
        "",
    ]
    file = folder / "fonts.conf"
    text = "\n".join(lines)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        draft = file.with_suffix(".new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    return file


def allowed_families() -> list[str]:
    """Every family that a letter may use, each once."""
    names = [name for family, others in STAND_INS.items() for name in (family, *others)]
    return list(dict.fromkeys([*names, *RARE]))


def missing_characters(texts: Iterable[str], configuration: Path) -> list[str]:
    """The characters of ``texts`` that no font offered has a glyph for, as U+XXXX, sorted.

    Control characters, surrogates and unassigned ones count as missing: nothing prints them.
    """
    wanted = {character for text in texts for character in text}
    spans = _covered(configuration)
    return [f"U+{ord(c):04X}" for c in sorted(wanted) if not _is_covered(c, spans)]


def missing_faces(configuration: Path) -> list[str]:
    """The families of the templates that neither they nor a stand-in are there for."""
    there = _families(configuration)
    return [
        family for family, others in STAND_INS.items() if not there.intersection((family, *others))
    ]


def missing_families(families: Iterable[str], configuration: Path) -> list[str]:
    """Those of ``families`` that are not there under that very name."""
    there = _families(configuration)
    return [family for family in families if family not in there]


def font_files(configuration: Path) -> dict[str, list[Path]]:
    """The offered families by all their names, each with its files."""
    files: dict[str, list[Path]] = {}
    for line in sorted(_listed(configuration, "%{family}\t%{file}\n").splitlines()):
        families, _, file = line.partition("\t")
        for family in families.split(","):
            files.setdefault(family, []).append(Path(file))
    return {family: list(dict.fromkeys(found)) for family, found in files.items()}


def _families(configuration: Path) -> frozenset[str]:
    return frozenset(_listed(configuration, "%{family}\n").replace("\n", ",").split(","))


def _is_covered(character: str, spans: Sequence[tuple[int, int]]) -> bool:
    if unicodedata.category(character) in _UNSEEN:
        return False
    place = bisect_right(spans, ord(character), key=itemgetter(0))
    return place > 0 and ord(character) <= spans[place - 1][1]


@lru_cache(maxsize=4)
def _covered(configuration: Path) -> tuple[tuple[int, int], ...]:
    """The code points that the offered fonts have between them: first and last ones, ascending."""
    spans: list[tuple[int, int]] = []
    pieces = {piece.partition("-") for piece in _listed(configuration, "%{charset}\n").split()}
    for first, last in sorted((int(a, 16), int(b or a, 16)) for a, _, b in pieces):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return tuple(spans)


def _listed(configuration: Path, form: str) -> str:
    try:
        ended = subprocess.run(
            ["fc-list", f"--format={form}"],
            env={"FONTCONFIG_FILE": str(configuration), "PATH": "/usr/bin:/bin", "HOME": "/"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Misconfigured(
            "无法列出字体：请安装 fontconfig（make setup）",
            "the fonts cannot be listed: install fontconfig (`make setup`)",
        ) from error
    return ended.stdout


def _selection() -> list[str]:
    accepted = [
        f'<pattern><patelt name="family"><string>{escape(name)}</string></patelt></pattern>'
        for name in allowed_families()
    ]
    return [
        "<selectfont>",
        "<rejectfont><pattern/></rejectfont>",
        f"<acceptfont>{''.join(accepted)}</acceptfont>",
        "</selectfont>",
    ]


def _alias(family: str) -> list[str]:
    same = "".join(f"<family>{escape(name)}</family>" for name in STAND_INS[family])
    rare = "".join(f"<family>{escape(name)}</family>" for name in RARE)
    return [
        '<alias binding="same">',
        f"<family>{escape(family)}</family>",
        f"<prefer>{same}</prefer>",
        f"<accept>{rare}</accept>",
        "</alias>",
    ]
