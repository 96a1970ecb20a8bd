"""Letters of every level and attacked ones, put before judges that are not ours."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.building.attacks.attack import Attack
from tests.building.attacks.catalogue import catalogue
from tests.building.judges import verdicts
from tests.building.letters import KIND, letter, raised_letter, rendered_letters
from tests.building.levels import full_data, raised, renewed, sealed_at_level
from tests.building.sealing import root
from tests.building.stamping import stamped

#: attacked files of each class that go before the judges
_OF_EACH = 3


@cache
def letters() -> Mapping[str, bytes]:
    """Genuine letters: what was done → the file."""
    now = datetime.now(UTC)
    plain = rendered_letters()[KIND].content
    with_stamp = sealed_at_level(plain, stamp_root="ours", stamp_at=now)
    with_data = sealed_at_level(plain, stamp_root="ours", stamp_at=now, data=full_data(now))
    return {
        "sealed": letter(),
        "sealed with a time stamp": with_stamp,
        "sealed with time stamp and validation data": with_data,
        "the same under a document time stamp": stamped(with_data, at=now),
        "sealed, raised by the archive": raised_letter(),
        "sealed, raised and stamped again": renewed(raised_letter()),
        "sealed with a time stamp, raised": raised(with_stamp, at=now),
    }


@cache
def attacked() -> Mapping[str, tuple[Attack, bytes]]:
    """The first attacks of each class."""
    found: dict[str, tuple[Attack, bytes]] = {}
    for attack in catalogue():
        taken = sum(1 for other, _ in found.values() if other.kind == attack.kind)
        if taken < _OF_EACH:
            found[str(attack)] = (attack, attack.make())
    return found


def dss(
    files: Mapping[str, bytes], folder: Path, trust: x509.Certificate | None = None
) -> dict[str, tuple[str, str, str]]:
    """Indication, sub-indication and level that the EU's DSS gives each file."""
    trusted = folder / "root.der"
    trusted.write_bytes((trust or root()).public_bytes(Encoding.DER))
    places = {name: folder / f"{place}.pdf" for place, name in enumerate(files)}
    for name, file in places.items():
        file.write_bytes(files[name])
    said = verdicts("dss", list(places.values()), folder, str(trusted))
    return {
        name: (said[file][0], said[file][1], said[file][2].removeprefix("PAdES-BASELINE-"))
        for name, file in places.items()
    }


def verapdf(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """What veraPDF calls each file: ``PDF/A-2a`` or ``refused``."""
    places = {name: folder / f"verapdf-{place}.pdf" for place, name in enumerate(files)}
    for name, file in places.items():
        file.write_bytes(files[name])
    said = verdicts("verapdf", list(places.values()), folder, "2a")
    return {n: "PDF/A-2a" if said[f][0] == "true" else "refused" for n, f in places.items()}


def pdfsig(pdf: bytes, folder: Path) -> bool:
    """True where poppler finds the seal valid, and the last signature over the whole document.

    It does not know document time stamps and says that it did not verify them.
    """
    file = folder / "pdfsig.pdf"
    file.write_bytes(pdf)
    ended = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=False)
    said = ended.stdout.decode(errors="replace")
    blocks = said.split("Signature #")[1:]
    return (
        bool(blocks) and "Signature is Valid" in blocks[0] and "Total document signed" in blocks[-1]
    )


def openssl(pdf: bytes, folder: Path, trust: x509.Certificate | None = None) -> bool:
    """True where OpenSSL finds the first signature right and its chain trusted."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)
    numbers = pdf[pdf.index(b"/ByteRange [") :].split(b"[", 1)[1].split(b"]", 1)[0].split()
    length = int(numbers[2]) + int(numbers[3])
    container = cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode("ascii"))).dump()
    parts: dict[str, bytes] = {
        "container.der": container,
        "content.bin": pdf[: start - 1] + pdf[end + 1 : length],
        "root.pem": (trust or root()).public_bytes(Encoding.PEM),
    }
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    words = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "container.der"]
    words += ["-content", "content.bin", "-CAfile", "root.pem", "-purpose", "any"]
    ended = subprocess.run(
        [*words, "-no_check_time", "-out", "verified.bin"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return ended.returncode == 0
