"""Judges that are not ours: Java programs fetched with Maven, each in a process of its own.

They are fetched once into .cache, in pinned versions whose checksums stand beside their sources;
nothing of them is linked with, or shipped. A test that asks for one that cannot be had is skipped.
"""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

_HOME = Path(__file__).parent.parent / "judges"
_CACHE = Path(__file__).parent.parent.parent / ".cache" / "judges"
#: seconds for Maven Central, and for a judge over all its files
_FETCH, _PATIENCE = 300, 180


def verdicts(judge: str, files: list[Path], folder: Path, *words: str) -> dict[Path, list[str]]:
    """What ``judge`` says of each file: the columns of its line."""
    return said(judge, "Judge", files, folder, *words)


def said(
    judge: str, program: str, files: list[Path], folder: Path, *words: str
) -> dict[Path, list[str]]:
    """What that program of ``judge`` says of each file: the columns of its line."""
    wanted = folder / "files.txt"
    wanted.write_text("\n".join(map(str, files)), encoding="utf-8")
    jars = _jars(judge)
    ended = subprocess.run(
        ["java", "-cp", f"{jars}/*", str(_HOME / judge / f"{program}.java"), *words, str(wanted)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=True,
    )
    rows = [line.split("\t") for line in ended.stdout.splitlines() if "\t" in line]
    return {Path(name): columns for name, *columns in rows}


@cache
def _jars(judge: str) -> Path:
    """The folder with the judge's archives, each of the checksum on record."""
    folder = _CACHE / judge
    if not _are_right(judge, folder):
        for program in ("java", "mvn"):
            if shutil.which(program) is None:
                pytest.skip(f"{judge}: {program} is not installed")
        _fetch(judge, folder)
    assert _are_right(judge, folder), f"{folder} is not what {_HOME / judge}/checksums.txt says"
    return folder


def _fetch(judge: str, folder: Path) -> None:
    # nothing of an earlier version stays beside
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pom = _HOME / judge / "pom.xml"
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
    try:
        subprocess.run(
            ["mvn", "-B", "-q", "-f", str(pom), goal, f"-DoutputDirectory={folder}"],
            capture_output=True,
            timeout=_FETCH,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip(f"{judge}: Maven Central cannot be reached")


def _are_right(judge: str, folder: Path) -> bool:
    if shutil.which("java") is None:
        return False
    lines = (_HOME / judge / "checksums.txt").read_text(encoding="ascii").splitlines()
    for digest, name in (line.split() for line in lines):
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            return False
    return {file.name for file in folder.glob("*.jar")} == {line.split()[1] for line in lines}
