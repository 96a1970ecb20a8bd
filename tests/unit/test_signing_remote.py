"""A remote signer on loopback: it gets digests and nothing else, and may be slow, wrong or away."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from schemas.configuration import RemoteSigner, SealSettings
from schemas.errors import Misconfigured, Unavailable
from signing.examination import examine
from signing.keys import SealingKey, SigningKey
from signing.opening import open_key
from tests.building.pki import nobody, silence
from tests.building.sealing import (
    AT,
    NUMBER,
    agency_key,
    certified,
    chain_file,
    rendered,
    root,
    sealer,
)


@dataclass(kw_only=True)
class Signer:
    """A server that signs with ``key``, as docs/sealing.md has it."""

    key: SigningKey
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    #: what it answers instead, once
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def answer(self, question: dict[str, Any], token: str | None) -> tuple[int, bytes]:
        self.asked.append(question)
        self.tokens.append(token)
        if self.answers:
            return self.answers.pop()
        digest = base64.b64decode(question["digest"])
        private: Any = self.key.private
        if question["algorithm"] == "RSA-PKCS1-SHA256":
            made = private.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        else:
            made = private.sign(digest, ECDSA(Prehashed(SHA256())))
        return 200, json.dumps({"signature": base64.b64encode(made).decode()}).encode()


def _handler(signer: Signer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = signer.answer(json.loads(body), self.headers["Authorization"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture(params=["rsa", "p384"])
def signer(request: pytest.FixtureRequest) -> Iterator[Signer]:
    key = agency_key()
    if request.param == "p384":
        key = certified(ec.generate_private_key(ec.SECP384R1()))
    made = Signer(key=key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.url = f"http://127.0.0.1:{server.server_port}/sign"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def opened(signer: Signer, folder: Path, **more: Any) -> SealingKey:
    remote = RemoteSigner(**({"url": signer.url, "key": "seal-430111", "seconds": 0.5} | more))
    certificates = chain_file(folder, signer.key)
    key = open_key(SealSettings(remote=remote, certificate_file=str(certificates)))
    assert key is not None
    return key


def test_a_letter_is_sealed_by_a_server_that_sees_its_digest_alone(
    signer: Signer, tmp_path: Path
) -> None:
    key = opened(signer, tmp_path)
    content = sealer(key).seal(rendered(), document_number=NUMBER, at=AT).content
    assert examine(content, [root()]).genuine
    (question,) = signer.asked
    assert set(question) == {"key", "algorithm", "digest"}
    assert question["key"] == "seal-430111"
    assert len(base64.b64decode(question["digest"])) == 32


def test_the_token_is_sent_and_never_shown(signer: Signer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("very-secret\n")
    key = opened(signer, tmp_path, token_file=str(file))
    key.sign(b"x")
    assert signer.tokens == ["Bearer very-secret"]
    assert "very-secret" not in repr(key)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((403, b""), Misconfigured),
        ((404, b""), Misconfigured),
        ((302, b""), Unavailable),
        ((429, b""), Unavailable),
        ((500, b"very long story"), Unavailable),
        ((200, b"no json"), Unavailable),
        ((200, b'{"signature": 7}'), Unavailable),
        ((200, b'{"signature": "AAAA"}'), Unavailable),
        ((200, b"[" * 100_000), Unavailable),
    ],
)
def test_what_is_no_signature_is_not_used_and_the_next_letter_is_sealed(
    signer: Signer, tmp_path: Path, answer: tuple[int, bytes], error: type[Exception]
) -> None:
    key = opened(signer, tmp_path)
    signer.answers.append(answer)
    with pytest.raises(error, match="remote"):
        key.sign(b"x")
    assert key.sign(b"x")


def test_a_signature_of_another_key_is_not_used(signer: Signer, tmp_path: Path) -> None:
    key = opened(signer, tmp_path)
    other = certified(ec.generate_private_key(ec.SECP384R1()))
    signer.key = agency_key("theirs") if "RSA" in str(type(signer.key.private)) else other
    with pytest.raises(Unavailable, match="not of the certificate's key"):
        key.sign(b"x")


def test_a_server_that_is_away_or_mute_is_unavailable(signer: Signer, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        opened(signer, tmp_path, url=nobody()).sign(b"x")
    with silence() as mute, pytest.raises(Unavailable):
        opened(signer, tmp_path, url=mute, seconds=0.2).sign(b"x")
