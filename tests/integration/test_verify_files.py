"""``hanyin verify`` on files of others: many, folders, names that lead a terminal, agencies."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import SigningKey
from tests.building.installation import Installation
from tests.building.pages import letter_saying
from tests.building.sealing import NUMBER, agency_key, certified, root, sealed_by, subject
from tests.building.tampering import good

#: the demo directory's agency
AGENCY = "430111"


@pytest.fixture
def roots(tmp_path: Path) -> tuple[str, str]:
    file = tmp_path / "roots.pem"
    file.write_bytes(root().public_bytes(Encoding.PEM))
    return ("--trust", str(file))


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.pdf").write_bytes(content)
    return folder


def rows(installation: Installation, *words: str, code: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        installation.run("verify", *words, "--json", codes=(code,))
    )
    return found


def test_of_several_files_the_worst_decides_and_a_line_sums_up(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = put(tmp_path / "in", a=good(), b=good() + b" ", c=good())
    names = [str(folder / f"{name}.pdf") for name in "abc"]
    ended = embedded.ended("verify", *names, str(tmp_path / "none.pdf"), *roots)
    assert ended.returncode == 1
    assert len(ended.stdout.splitlines()) == 4
    assert ended.stderr.splitlines()[-1] == "4 files: 2 genuine, 1 not genuine, 1 cannot tell"
    ended = embedded.ended("verify", names[0], str(tmp_path / "none.pdf"), *roots)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == "2 files: 1 genuine, 0 not genuine, 1 cannot tell"
    assert "files:" not in embedded.ended("verify", names[0], *roots).stderr


def test_a_folder_is_all_that_is_in_it_and_below(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = put(tmp_path / "in", b=good())
    put(folder / "deep", a=good())
    (folder / "scan.png").write_bytes(b"\x89PNG\r\n")
    (folder / ".DS_Store").write_bytes(b"x")
    os.mkfifo(folder / "pipe")
    (folder / "nowhere.pdf").symlink_to(tmp_path / "none.pdf")
    found = rows(embedded, str(folder), *roots, code=2)
    names = [str(Path(row["file"]).relative_to(folder)) for row in found]
    assert names == ["b.pdf", "deep/a.pdf", "nowhere.pdf", "scan.png"]


@pytest.mark.parametrize("hidden", [False, True])
def test_an_empty_folder_cannot_be_told(
    embedded: Installation, tmp_path: Path, *, hidden: bool
) -> None:
    folder = put(tmp_path / "in", **({".hidden": b"x"} if hidden else {}))
    (row,) = rows(embedded, str(folder), code=2)
    assert [reason["code"] for reason in row["reasons"]] == ["folder_empty"]


def test_a_file_s_name_cannot_lead_the_terminal(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = put(tmp_path / "in", **{"a\x1b[2J\u202egpj\nb": good()})
    said = embedded.run("verify", str(folder), *roots)
    assert "<U+001B>[2J<U+202E>gpj<U+000A>b" in said.replace("\n", "")
    assert not {"\x1b", "\u202e"} & set(said)
    text = embedded.run("verify", str(folder), *roots, "--json")
    assert not {"\x1b", "\u202e"} & set(text)
    assert json.loads(text)[0]["file"].endswith("a\x1b[2J\u202egpj\nb.pdf")


def test_a_file_s_name_that_is_no_text_is_shown_all_the_same(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xe4.pdf")).write_bytes(good())
    assert "<U+DCE4>.pdf" in embedded.run("verify", str(folder), *roots).replace("\n", "")


def _key(name: str) -> SigningKey:
    return certified(agency_key().private, subject(name))


def test_the_agency_that_is_asked_for_must_have_sealed_it(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    own = _key("长沙市雨花区社会保险（就业）服务中心 (DEMO)")
    folder = put(tmp_path / "in", own=sealed_by(own), other=good())
    asked = ("--agency", AGENCY, *roots)
    (row,) = rows(embedded, str(folder / "own.pdf"), *asked, code=0)
    assert (row["verdict"], row["agency"], row["matches_agency"]) == ("genuine", AGENCY, True)
    (row,) = rows(embedded, str(folder / "other.pdf"), *asked, code=6)
    assert (row["verdict"], row["agency"], row["matches_agency"]) == ("genuine", None, False)
    assert "letter_of_another" in [remark["code"] for remark in row["remarks"]]
    (row,) = rows(embedded, str(folder / "other.pdf"), *roots, code=0)
    assert (row["agency"], row["matches_agency"]) == (None, None)
    ended = embedded.ended("verify", str(folder), *asked)
    assert ended.returncode == 6
    assert "ANOTHER BODY'S letter" in ended.stdout
    assert "1 genuine, 0 not genuine, 0 cannot tell, 1 another body's" in ended.stderr


def test_a_forged_file_is_worse_than_another_agency_s(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = put(tmp_path / "in", other=good(), forged=good() + b" ")
    rows(embedded, str(folder), "--agency", AGENCY, *roots, code=1)


def test_an_agency_that_the_directory_lacks_is_a_wrong_set_up(
    embedded: Installation, tmp_path: Path
) -> None:
    ended = embedded.ended("verify", str(tmp_path), "--agency", "999999")
    assert ended.returncode == 4
    assert "999999" in ended.stderr
    assert AGENCY in ended.stderr


def test_a_number_that_the_page_contradicts_is_not_genuine(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    folder = put(tmp_path / "in", a=letter_saying("稽（止付）字〔2026〕第7号", number=NUMBER))
    (row,) = rows(embedded, str(folder), *roots, code=1)
    assert [reason["code"] for reason in row["reasons"]] == ["number_contradicted"]
    assert row["number"] is None


_WATCHED = """
import sys
from commands.main import app
try:
    app(sys.argv[1:])
finally:
    heavy = ("sqlalchemy", "structlog", "pyhanko", "asn1crypto", "aiohttp", "pikepdf")
    print(*[name for name in heavy if name in sys.modules])
"""


def test_one_file_is_verified_without_what_is_not_needed_for_it(
    embedded: Installation, tmp_path: Path, roots: tuple[str, str]
) -> None:
    put(tmp_path / "in", a=good())
    python, *_ = embedded.command()
    ended = subprocess.run(
        [python, "-c", _WATCHED, "verify", str(tmp_path / "in"), *roots],
        env=embedded.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines()[-1] == ""
