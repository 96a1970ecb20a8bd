"""Connections to an S3 store: limits and certificates."""

from pathlib import Path
from typing import Any

import certifi
from urllib3 import PoolManager, Retry, Timeout

from schemas.errors import Misconfigured

#: Seconds to connect and between two pieces of an answer.
_TIMEOUT = Timeout(connect=3.0, read=10.0)

#: Tries after the first, of what may be repeated without harm. A store that hangs is given up
#: within half a minute, before a worker's lease runs out; the worker's own retry comes later.
_RETRIES = Retry(total=2, read=1, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504])

#: Connections kept open, one for each thread that may use the archive at the same time.
_CONNECTIONS = 8


def store_pool(*, secure: bool, ca_file: Path | None) -> PoolManager:
    """Connections to a store; ``ca_file`` (PEM) in place of the public certificates.

    Raises ``Misconfigured`` where ``ca_file`` is not there.
    """
    limits: dict[str, Any] = {"timeout": _TIMEOUT, "retries": _RETRIES, "maxsize": _CONNECTIONS}
    if not secure:
        return PoolManager(**limits)
    if ca_file and not ca_file.is_file():
        raise Misconfigured(
            f"HANYIN_STORAGE_CA_FILE：没有文件 {ca_file}",
            f"HANYIN_STORAGE_CA_FILE: there is no file {ca_file}",
        )
    trusted = str(ca_file) if ca_file else certifi.where()
    return PoolManager(**limits, cert_reqs="CERT_REQUIRED", ca_certs=trusted)
