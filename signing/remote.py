"""Keys behind a server that signs digests: the letter stays here. The protocol: docs/sealing.md.

::

    POST <url>                          Authorization: Bearer <token>
    {"key": "…", "algorithm": "RSA-PKCS1-SHA256" | "ECDSA-SHA256", "digest": "<base64, 32 bytes>"}

    200 {"signature": "<base64>"}       PKCS#1 v1.5, or ECDSA as DER
"""

import base64
import binascii
import json
import time
from dataclasses import dataclass, field
from functools import cached_property

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from schemas.configuration import RemoteSigner
from schemas.errors import Misconfigured, Unavailable
from signing.keys import DistantKey, demand_fit, issuers_of

_OK, _LEAST_REFUSAL, _LEAST_FAULT = 200, 400, 500
#: asked too often, and too slow: it may go better later
_LATER = (408, 429)
#: bytes of an answer that are read; a signature has some hundred
_LONGEST = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class RemoteKey(DistantKey):
    """A key that a server keeps."""

    settings: RemoteSigner
    token: bytes | None = field(repr=False)

    def sign_digest(self, digest: bytes) -> bytes:
        """See ``DistantKey.sign_digest``."""
        try:
            answer = self._pool.request(
                "POST",
                self.settings.url,
                body=json.dumps(self._question(digest)),
                headers=self._headers(),
                preload_content=False,
                redirect=False,
            )
            with answer:
                status, body = answer.status, self._read(answer)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(f"{self.origin} does not answer ({type(error).__name__})") from error
        return self._signature(status, body)

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """The answer, within the time that it may take: one that trickles in is none."""
        deadline = time.monotonic() + self.settings.seconds
        body = b""
        while piece := answer.read1(_LONGEST):
            body += piece
            if len(body) > _LONGEST or time.monotonic() > deadline:
                raise Unavailable(f"{self.origin} answers too much, or too slowly")
        return body

    def close(self) -> None:
        """Its connections are closed."""
        self._pool.clear()

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(
            maxsize=1,
            retries=False,
            timeout=urllib3.Timeout(total=self.settings.seconds),
            ca_certs=self.settings.ca_file,
        )

    def _question(self, digest: bytes) -> dict[str, str]:
        rsa = isinstance(self.certificate.public_key(), RSAPublicKey)
        return {
            "key": self.settings.key,
            "algorithm": "RSA-PKCS1-SHA256" if rsa else "ECDSA-SHA256",
            "digest": base64.b64encode(digest).decode("ascii"),
        }

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token.decode('latin-1')}"
        return headers

    def _signature(self, status: int, body: bytes) -> bytes:
        if _LEAST_REFUSAL <= status < _LEAST_FAULT and status not in _LATER:
            raise Misconfigured(
                f"{self.origin} refuses to sign (HTTP {status}); see agencies.seal.remote: its key"
                " and token_file"
            )
        if status != _OK:
            raise Unavailable(f"{self.origin} answered HTTP {status}")
        try:
            return base64.b64decode(json.loads(body)["signature"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise Unavailable(f"{self.origin} answered without a signature") from error


def remote_key(
    settings: RemoteSigner, token: bytes | None, certificates: list[x509.Certificate]
) -> RemoteKey:
    """The key with its chain: the certificate is the first in ``certificates``.

    Nothing is asked of the server yet. Raises ``Misconfigured``.
    """
    origin = f"agencies.seal.remote ({settings.url}, key {settings.key})"
    own, *others = certificates
    demand_fit(own, origin)
    return RemoteKey(
        certificate=own,
        issuers=issuers_of(own, others),
        origin=origin,
        settings=settings,
        token=token,
    )
