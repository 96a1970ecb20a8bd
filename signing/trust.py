"""The roots that verdicts rest on, read from PEM or DER."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from schemas.errors import Misconfigured
from schemas.file_faults import os_words
from schemas.purposes import SEALING_PURPOSES

_PEM = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Who is believed."""

    #: roots of the authorities that issue agencies' certificates
    roots: tuple[x509.Certificate, ...]
    #: roots of the authorities whose time stamps count
    stamp_roots: tuple[x509.Certificate, ...]
    #: purposes of a certificate that may seal (HANYIN_SEAL_PURPOSES)
    purposes: frozenset[str] = frozenset(SEALING_PURPOSES)

    @classmethod
    def of(
        cls,
        roots: Iterable[x509.Certificate],
        stamp_roots: Iterable[x509.Certificate] | None = None,
        purposes: Iterable[str] = SEALING_PURPOSES,
    ) -> "Trust":
        """Time stamps count by ``roots`` too, where none of their own are given."""
        own = tuple(roots)
        return cls(
            roots=own,
            stamp_roots=own if stamp_roots is None else tuple(stamp_roots),
            purposes=frozenset(purposes),
        )


def read_roots(files: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Every certificate in ``files``, each once. Raises ``Misconfigured`` that names the file."""
    found = [certificate for file in files for certificate in _read(file)]
    return tuple(dict.fromkeys(found))


def _read(file: Path) -> list[x509.Certificate]:
    try:
        content = file.read_bytes()
        if _PEM in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except OSError as error:
        raise Misconfigured(
            f"受信任的根证书 {file} 无法读取（{os_words(error).zh}）；请指定本用户可读的文件",
            f"the trusted root {file} cannot be read ({os_words(error).en}); name a file that this"
            " user may read",
        ) from error
    except ValueError as error:
        raise Misconfigured(
            f"受信任的根证书 {file} 中没有证书；请给 PEM 或 DER 文件",
            f"the trusted root {file} holds no certificate; give a PEM or DER file",
        ) from error
