"""Numbers are found as people type them; what is not there is answered with what is near."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import completion
from ledger import lookup
from tests.building.installation import Installation, example_file
from tests.building.office import Office, examples

NUMBER = "稽（待遇）字〔2026〕第1号"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    opened.take(*examples("01", "24"))
    opened.work()
    yield opened
    opened.close()


def numbers(office: Office) -> list[str]:
    return [row["number"] for row in office.register()]


def test_every_number_is_found_in_half_width_without_its_characters(office: Office) -> None:
    with office.database.reading() as connection:
        for number in numbers(office):
            typed = number.translate(str.maketrans("（）〔〕", "()[]", "第号"))
            assert lookup.meant_documents(connection, typed) == [number]


def test_a_number_that_is_not_there_is_answered_with_the_nearest(office: Office) -> None:
    (first, *_) = sorted(number for number in numbers(office) if number.startswith("稽"))
    series = first.partition("〔")[0]
    with office.database.reading() as connection:
        near = lookup.near_documents(connection, f"{series}〔2026〕第999号")
        wrong = lookup.near_documents(connection, series.replace("待遇", "待偶") + "[2026]1")
        loose = lookup.near_documents(connection, series)
        none = lookup.near_documents(connection, "xyz")
    assert near
    assert set(near) <= set(numbers(office))
    assert first in wrong
    assert loose
    assert none == []


def test_a_case_that_is_not_there_is_answered_with_the_nearest(office: Office) -> None:
    with office.database.reading() as connection:
        assert lookup.meant_cases(connection, "４30111-2026-000017") == ["430111-2026-000017"]
        assert "430111-2026-000017" in lookup.near_cases(connection, "430111-2026-000071")
        assert lookup.near_cases(connection, "%") == []
        assert lookup.near_cases(connection, "") == []


def test_commands_find_a_number_as_it_is_typed_and_offer_others(embedded: Installation) -> None:
    embedded.publish(example_file("01"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    known = [row["number"] for row in embedded.rows("register")]
    typed = known[0].translate(str.maketrans("（）〔〕", "()[]", "第号"))
    assert embedded.rows("documents", "show", typed)["number"] == known[0]  # type: ignore[call-overload]
    refused = embedded.ended("documents", "show", known[0].replace("第1号", "第77号"))
    assert refused.returncode == 1
    assert known[0] in refused.stderr
    missing = embedded.ended("case", "show", "430111-2026-000018", "--json")
    told = json.loads(missing.stderr.splitlines()[-1])
    assert (told["code"], told["exit_code"]) == ("not_found", 1)
    assert "430111-2026-000017" in told["message"]


def test_a_pipe_gets_a_case_as_a_line_a_document(embedded: Installation) -> None:
    embedded.publish(example_file("01"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    lines = embedded.run("case", "show", "430111-2026-000017").splitlines()
    cells = [line.split("\t") for line in lines]
    assert [row[5] for row in cells] == [row["number"] for row in embedded.rows("register")]
    assert {tuple(row[:5]) for row in cells} == {
        ("430111-2026-000017", "open", "3465.30", "0.00", "3465.30")
    }
    assert {len(row) for row in cells} == {8}


def test_tab_completes_numbers_of_the_ledger_that_is_there(
    embedded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.publish(example_file("01"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    known = {row["number"] for row in embedded.rows("register")}
    for name, value in embedded.variables.items():
        monkeypatch.setenv(name, value)
    assert set(completion.complete_document("")) == known
    assert set(completion.complete_document("稽")) == {n for n in known if n.startswith("稽")}
    assert completion.complete_case("430111-2026") == ["430111-2026-000017"]


def test_tab_in_an_empty_folder_is_silent_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANYIN_HOME", str(tmp_path / "var"))
    assert completion.complete_document("稽") == []
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "ledger.db").write_bytes(b"no database")
    assert completion.complete_case("4") == []
    monkeypatch.setenv("HANYIN_PRODUCERS", "many")
    assert completion.complete_document("") == []
    assert [path.name for path in tmp_path.rglob("*")] == ["var", "ledger.db"]
    assert capfd.readouterr() == ("", "")


def test_a_shell_gets_numbers_for_a_press_of_tab(embedded: Installation) -> None:
    embedded.publish(example_file("01"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    asked = {"_COMMANDS_COMPLETE": "complete_bash", "COMP_WORDS": "hanyin documents show 稽"}
    done = subprocess.run(
        [sys.executable, "-c", "from commands.main import app; app(prog_name='commands')"],
        env=os.environ | embedded.environment | asked | {"COMP_CWORD": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "稽（待遇）字〔2026〕第1号" in done.stdout, done.stderr


@pytest.mark.office
@pytest.mark.timeout(300)
def test_many_documents_are_fetched_into_a_folder(embedded: Installation, tmp_path: Path) -> None:
    embedded.publish(example_file("01"))
    embedded.run("work", "--drain")
    known = [row["number"] for row in embedded.rows("register")]
    folder = tmp_path / "letters"
    rows = embedded.rows("documents", "get", *known, known[0], "-o", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{n}.pdf" for n in known)
    assert [row["number"] for row in rows] == known
    assert all(Path(row["file"]).stat().st_size == row["bytes"] for row in rows)
    one = tmp_path / "one.pdf"
    embedded.run("documents", "get", known[0], "-o", str(one))
    assert one.read_bytes() == (folder / f"{known[0]}.pdf").read_bytes()
    embedded.run("documents", "get", *known[:2], "-o", str(one), codes=(1,))
