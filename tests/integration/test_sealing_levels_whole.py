"""The whole way with LibreOffice: sealed at B-LTA, or below it and raised; PDF/A-2b throughout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building.installation import Installation, example_file
from tests.building.pdfa import faults
from tests.building.pki import AGENCY, Pki, pki

pytestmark = pytest.mark.office

_DIRECTORY = """
[[agencies]]
code = "430111"
name = "{name}"
audit_name = "长沙市雨花区"
[agencies.account]
bank_full_name = "中国建设银行股份有限公司长沙雨花支行营业部"
number = "43001781061050000017"
holder = "{name}"
audit_bank = "中国建设"
audit_branch = "长沙雨花"
[agencies.contact]
person = "周敏"
phone = "0731-80000017"
address = "湖南省长沙市雨花区香樟路1号"
[agencies.seal]
key_file = "{key}"
level = "B-LTA"
private_networks = ["127.0.0.1/32"]
time_stamp_servers = [{{ url = "{stamps}", seconds = 5 }}]
[[banks]]
name = "boc"
codes = ["104"]
[[sources]]
slug = "yuhua"
source = "/hunan/430111/*"
agencies = ["430111"]
"""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Pki]:
    folder = tmp_path / "pki"
    folder.mkdir()
    with pki(folder) as running:
        yield running


@pytest.fixture
def installation(tmp_path: Path, servers: Pki) -> Installation:
    roots = json.dumps([str(servers.root_file())])
    directory = tmp_path / "directory.toml"
    directory.write_text(
        _DIRECTORY.format(name=AGENCY, key=servers.key_file(), stamps=servers.stamps)
    )
    return Installation(
        name="embedded",
        variables={
            "HANYIN_HOME": str(tmp_path / "var"),
            "HANYIN_DIRECTORY_FILE": str(directory),
            "HANYIN_TRUST_FILES": roots,
            "HANYIN_TSA_TRUST_FILES": roots,
        },
    )


def fetched(installation: Installation, row: dict[str, Any], *words: str) -> Path:
    file = Path(installation.variables["HANYIN_HOME"]) / f"{row['document_id']}.pdf"
    installation.run("documents", "get", row["document_id"], "-o", str(file), *words)
    return file


def demand_good(installation: Installation, level: str, *words: str) -> None:
    """Every letter is genuine, of that level, on record, and PDF/A-2b."""
    rows = installation.rows("documents", "list")
    assert rows
    for row in rows:
        file = fetched(installation, row, *words)
        (verdict,) = json.loads(installation.run("verify", "--ledger", "--json", str(file)))
        assert (verdict["verdict"], verdict["level"]) == ("genuine", level), verdict
        assert faults(file.read_bytes()) == []


def test_letters_are_b_lta_from_the_start(installation: Installation) -> None:
    installation.publish(example_file("24"))
    installation.run("work", "--drain", codes=(0, 3))
    demand_good(installation, "B-LTA")
    assert installation.rows("archive", "raise") == []


def test_no_address_that_a_file_names_is_ever_spoken_to(
    installation: Installation, servers: Pki
) -> None:
    servers.down.add("tsa")
    installation.publish(example_file("24"))
    installation.run("work", "--drain", codes=(0, 3))
    # its certificates name responders and lists, which a verifier might want to ask
    servers.asked.clear()
    demand_good(installation, "B-B")
    assert servers.asked == []


def test_letters_sealed_while_the_servers_were_away_are_raised(
    installation: Installation, servers: Pki
) -> None:
    servers.down.add("tsa")
    installation.publish(example_file("24"))
    installation.run("work", "--drain", codes=(0, 3))
    demand_good(installation, "B-B")
    failed = json.loads(installation.run("archive", "raise", "--json", codes=(3,)))
    assert {row["state"] for row in failed} == {"failed"}
    servers.down.clear()
    done = installation.rows("archive", "raise")
    assert {(row["state"], row["level"]) for row in done} == {("raised", "B-LTA")}
    demand_good(installation, "B-LTA", "--raised")
    assert {row["state"] for row in installation.rows("archive", "fixity")} == {"intact"}
    shown = json.loads(installation.run("documents", "show", done[0]["document_id"], "--json"))
    assert (shown["level"], shown["level_wanted"]) == ("B-B", "B-LTA")
    assert [each["level"] for each in shown["renditions"]] == ["B-LTA"]


def test_a_key_that_is_not_good_waits_and_is_told_by_drain_and_doctor(
    installation: Installation, servers: Pki
) -> None:
    good = servers.key_file().read_bytes()
    servers.key_file().write_bytes(servers.key_file("stranger").read_bytes())
    installation.publish(example_file("24"))
    waits = json.loads(installation.run("work", "--drain", "--json", codes=(3,)))
    assert [row["name"] for row in waits] == ["430111"]
    assert "certificate_names" in waits[0]["reason"]
    rows = installation.rows("documents", "list")
    assert {row["state"] for row in rows} == {"planned"}
    told = json.loads(installation.run("doctor", "--json", codes=(1,)))
    assert any("430111" in row["name"] and not row["ok"] for row in told)
    installation.run("keys", "show", codes=(1,))
    (servers.folder / "agency.p12").write_bytes(good)
    installation.run("work", "--drain", codes=(0, 3))
    found = installation.rows("documents", "list")
    assert [row["number"] for row in found] == [row["number"] for row in rows]
    assert {row["state"] for row in found} <= {"archived", "announced"}
    demand_good(installation, "B-LTA")
