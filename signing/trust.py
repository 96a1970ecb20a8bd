"""The roots that verdicts rest on, read from PEM or DER."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from schemas.errors import Misconfigured

_PEM = b"-----BEGIN CERTIFICATE-----"


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
            f"the trusted root {file} cannot be read ({error.strerror}); name a file that this"
            " user may read"
        ) from error
    except ValueError as error:
        raise Misconfigured(
            f"the trusted root {file} holds no certificate; give a PEM or DER file"
        ) from error
