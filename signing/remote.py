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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import SplitResult, urlsplit, urlunsplit

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from schemas.configuration import RemoteSigner
from schemas.errors import Misconfigured, Unavailable
from signing import outbound
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
    #: not public, and allowed all the same
    networks: tuple[outbound.Network, ...] = ()

    def sign_digest(self, digest: bytes) -> bytes:
        """See ``DistantKey.sign_digest``."""
        try:
            with self._answer(json.dumps(self._question(digest))) as answer:
                status, body = answer.status, self._read(answer)
        except outbound.AddressRefused as error:
            raise Misconfigured(
                f"{self.origin}：{error.sentence.zh}", f"{self.origin}: {error.sentence.en}"
            ) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unavailable(
                f"{self.origin} 没有响应（{type(error).__name__}）",
                f"{self.origin} does not answer ({type(error).__name__})",
            ) from error
        return self._signature(status, body)

    def _answer(self, question: str) -> urllib3.BaseHTTPResponse:
        """What the first address that takes a connection answers; its body is not read yet."""
        url = urlsplit(self.settings.url)
        networks = (*self.networks, *outbound.named_by(self.settings.url))
        *others, last = outbound.allowed_addresses(url.hostname or "", networks)
        for address in others:
            with suppress(urllib3.exceptions.NewConnectionError):
                return self._ask(address, url, question)
        return self._ask(last, url, question)

    def _ask(self, address: str, url: SplitResult, question: str) -> urllib3.BaseHTTPResponse:
        secure = url.scheme == "https"
        # the certificate is the name's, though the connection goes to an address that was looked at
        names = {"server_hostname": url.hostname, "assert_hostname": url.hostname}
        pool = self._pool.connection_from_host(
            address, url.port or (443 if secure else 80), url.scheme, names if secure else None
        )
        return pool.urlopen(
            "POST",
            urlunsplit(("", "", url.path or "/", url.query, "")),
            body=question,
            headers=self._headers() | {"Host": url.netloc.rpartition("@")[2]},
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            redirect=False,
        )

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """The answer, within the time that it may take: one that trickles in is none."""
        deadline = time.monotonic() + self.settings.seconds
        body = b""
        while piece := answer.read1(_LONGEST):
            body += piece
            if len(body) > _LONGEST or time.monotonic() > deadline:
                raise Unavailable(
                    f"{self.origin} 的答复过多或过慢",
                    f"{self.origin} answers too much, or too slowly",
                )
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
                f"{self.origin} 拒绝签名（HTTP {status}）；请查看 "
                "agencies.seal.remote 的 key 和 token_file",
                f"{self.origin} refuses to sign (HTTP {status}); see agencies.seal.remote: its key"
                " and token_file",
            )
        if status != _OK:
            raise Unavailable(
                f"{self.origin} 答复 HTTP {status}", f"{self.origin} answered HTTP {status}"
            )
        try:
            return base64.b64decode(json.loads(body)["signature"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise Unavailable(
                f"{self.origin} 的答复中没有签名", f"{self.origin} answered without a signature"
            ) from error


def remote_key(
    settings: RemoteSigner,
    token: bytes | None,
    certificates: list[x509.Certificate],
    *,
    networks: Sequence[outbound.Network] = (),
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
        networks=tuple(networks),
    )
