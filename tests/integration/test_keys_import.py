"""``hanyin keys import``: a key whose letters a verification would refuse is not taken in."""

from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.building.authorities import DOCUMENTS, SIGNER, certified, chain, pem, purposes
from tests.building.installation import Installation
from tests.building.sealing import NAME


def _file(folder: Path, *extensions: object) -> str:
    file = folder / "key.pem"
    file.write_bytes(pem(chain(own=(*SIGNER, *extensions))))  # type: ignore[arg-type]
    return str(file)


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
