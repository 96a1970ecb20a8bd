"""Keys in a SoftHSM token of the tests' own: made with the distribution's programs."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.keys import SigningKey
from tests.servers.absence import missing

PIN = "73-seven-three"
TOKEN = "Hanyin test"
_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token with nothing in it, and its module."""

    module: str
    folder: Path

    def put(self, key: SigningKey, label: str, key_id: str, *, certificate: bool = True) -> None:
        """The private key lies in the token, with its certificate and those above it."""
        private = self.folder / f"{label}.pem"
        private.write_bytes(
            key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        _run(
            *("softhsm2-util", "--import", str(private), "--token", TOKEN),
            *("--label", label, "--id", key_id, "--pin", PIN, "--no-public-key"),
        )
        for place, link in enumerate(key.chain if certificate else ()):
            file = self.folder / f"{label}-{place}.der"
            file.write_bytes(link.public_bytes(Encoding.DER))
            _run(
                *("pkcs11-tool", "--module", self.module, "--token-label", TOKEN, "--login"),
                *("--pin", PIN, "--write-object", str(file), "--type", "cert"),
                *("--label", f"{label}-{place}", "--id", key_id if place == 0 else f"f{place}"),
            )


def new_token(folder: Path) -> Token:
    """A token in a folder of its own; skips (fails with CI) where SoftHSM is not installed."""
    module = next((name for name in _MODULES if Path(name).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None or not shutil.which("pkcs11-tool"):
        missing("SoftHSM", "softhsm2 and opensc are not installed")
        raise AssertionError
    (folder / "tokens").mkdir(exist_ok=True)
    file = folder / "softhsm2.conf"
    file.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(file)
    _run(
        *("softhsm2-util", "--init-token", "--free", "--label", TOKEN),
        *("--pin", PIN, "--so-pin", "so-so-pin"),
    )
    return Token(module=module, folder=folder)


def _run(*words: str) -> None:
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
