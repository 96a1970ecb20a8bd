"""``hanyin keys import``: a key whose letters a verification would refuse is not taken in."""

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256K1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from schemas.configuration import Directory
from schemas.documents import (
    DocumentKind,
    DocumentNumber,
    PlannedDocument,
    Recipient,
    RecipientRole,
)
from schemas.errors import CannotSeal
from tests.building.authorities import (
    DOCUMENTS,
    SIGNER,
    UNHEARD_OF,
    certified,
    chain,
    pem,
    purposes,
)
from tests.building.installation import Installation
from tests.building.sealing import NAME, rendered
from workers import sealing
from workers.agency_check import check_agency
from workers.clock import now
from workers.directory import load_directory
from workers.sealing import SealRoom
from workers.settings import Settings


def _file(folder: Path, *extensions: object) -> str:
    file = folder / "key.pem"
    file.write_bytes(pem(chain(own=(*SIGNER, *extensions), name=_NAME)))  # type: ignore[arg-type]
    return str(file)


#: the demo's agency, whose key it has to be
_NAME = load_directory(None).agencies[0].name


def test_a_key_of_another_agency_is_not_stored(embedded: Installation, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(chain()))
    assert "another agency" in embedded.ended("keys", "import", "430111", str(file)).stderr
    assert not list(Path(embedded.variables["HANYIN_HOME"]).glob("keys/*"))


def test_a_key_for_documents_is_stored_and_one_for_servers_is_not(
    embedded: Installation, tmp_path: Path
) -> None:
    said = embedded.run("keys", "import", "430111", _file(tmp_path, purposes(DOCUMENTS)))
    assert "key_file = " in said
    for extension in (purposes(Purpose.SERVER_AUTH), purposes(Purpose.TIME_STAMPING)):
        embedded.run("keys", "import", "430111", _file(tmp_path, extension), codes=(1, 4))


def test_nor_is_one_whose_chain_is_not_whole(embedded: Installation, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    key = certified(NAME, certified("Root", None, ()), SIGNER)
    file.write_bytes(pem(key).split(b"-----BEGIN CERTIFICATE-----\n")[0] + _own(pem(key)))
    embedded.run("keys", "import", "430111", str(file), codes=(1, 4))


def _own(content: bytes) -> bytes:
    """The first certificate alone."""
    first = content.index(b"-----BEGIN CERTIFICATE-----")
    end = b"-----END CERTIFICATE-----\n"
    return content[first : content.index(end, first) + len(end)]


def test_nor_is_one_with_a_critical_extension_that_nobody_knows(
    embedded: Installation, tmp_path: Path
) -> None:
    file = _file(tmp_path, (UNHEARD_OF, True))
    ended = embedded.ended("keys", "import", "430111", file)
    assert ended.returncode == 1
    assert "critical extension" in " ".join(ended.stderr.split())
    assert not list(Path(embedded.variables["HANYIN_HOME"]).glob("keys/*"))


def test_nor_is_one_of_a_kind_that_seals_nothing(embedded: Installation, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(certified(NAME, None, SIGNER, private=elliptic(SECP256K1()))))
    ended = embedded.ended("keys", "import", "430111", str(file))
    assert ended.returncode == 4
    assert "neither RSA nor of a NIST curve" in " ".join(ended.stderr.split())


def _room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[SealRoom, Directory]:
    """A room whose first look at keys sees nothing, with a key that verification refuses."""
    monkeypatch.setattr(sealing, "require_accepted", lambda *_: None)
    demo = load_directory(None)
    (agency,) = demo.agencies
    seal = agency.seal.model_copy(update={"key_file": _file(tmp_path, (UNHEARD_OF, True))})
    changed = agency.model_copy(update={"seal": seal, "demo": False})
    directory = demo.model_copy(update={"agencies": [changed]})
    return SealRoom(Settings(home=tmp_path), directory), directory


def test_a_key_that_passes_every_look_is_tried_on_a_blank_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, directory = _room(tmp_path, monkeypatch)
    room.demand_ready("430111")
    with pytest.raises(CannotSeal) as failed:
        room.require_trial("430111")
    assert failed.value.problem.code == "key_trial_failed"
    found = check_agency(directory.agencies[0], directory, room, clock=now)
    assert "seal.key_file" in [finding.setting for finding in found]


def test_letters_wait_for_a_key_that_seals_nothing_and_fail_one_by_one_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = _room(tmp_path, monkeypatch)
    planned = PlannedDocument(
        document_id="d",
        kind=DocumentKind.RECOVERY_NOTICE,
        agency="430111",
        case_no="c",
        number=DocumentNumber(series="稽（待遇）字", year=2026, seq=1),
        issued_on=date(2026, 3, 5),
        recipient=Recipient(role=RecipientRole.PARTY),
        data={},
    )
    with pytest.raises(CannotSeal) as failed:
        room.seal(planned, rendered())
    assert failed.value.problem.code == "key_trial_failed"


def test_a_good_key_passes_its_trial(tmp_path: Path) -> None:
    SealRoom(Settings(home=tmp_path), load_directory(None)).require_trial("430111")
