"""A public key infrastructure on loopback: time stamps, OCSP and CRLs by certomancer.

Two issuing authorities under one root: ``agencies`` (with OCSP responder and CRL) and the root
itself, which issues the time stamp authorities (CRL only).
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, KeyLabel
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from signing.keys import SigningKey, signing_key

AGENCY = "长沙市雨花区社会保险（就业）服务中心"
#: where it is, for ``private_networks``
LOOPBACK = IPv4Network("127.0.0.1/32")
_ARCH = "test"
_KEYS = ("root", "issuer", "ocsp", "tsa", "tsa2", "agency", "revoked", "stranger", "mute")


@cache
def _private(name: str) -> bytes:
    assert name
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _usage(*names: str) -> dict[str, Any]:
    params = {"schema": "key-usage", "params": list(names)}
    return {"id": "key_usage", "critical": True, "smart-value": params}


def _crl(repository: str) -> dict[str, Any]:
    params = {"schema": "crl-dist-url", "params": {"crl-repo-names": [repository]}}
    return {"id": "crl_distribution_points", "smart-value": params}


def _ocsp() -> dict[str, Any]:
    params = {"schema": "aia-urls", "params": {"ocsp-responder-names": ["agencies"]}}
    return {"id": "authority_information_access", "smart-value": params}


def _purpose(name: str) -> dict[str, Any]:
    return {"id": "extended_key_usage", "critical": True, "value": [name]}


def _authority(subject: str, issuer: str, *extensions: dict[str, Any]) -> dict[str, Any]:
    constraints = {"id": "basic_constraints", "critical": True, "value": {"ca": True}}
    own = [constraints, _usage("digital_signature", "key_cert_sign", "crl_sign"), *extensions]
    return _certificate(subject, issuer, *own)


def _certificate(
    subject: str, issuer: str, *extensions: dict[str, Any], until: str = "2090-01-01"
) -> dict[str, Any]:
    validity = {
        "valid-from": "2020-01-01T00:00:00+0000",
        "valid-to": f"{until}T00:00:00+0000",
    }
    return {
        "subject": subject,
        "issuer": issuer,
        "validity": validity,
        "extensions": list(extensions),
    }


def _configuration(tsa_until: str) -> dict[str, Any]:
    signs = _usage("digital_signature", "non_repudiation")
    stamps = (_usage("digital_signature"), _purpose("time_stamping"), _crl("root"))
    names = {name: {"common-name": f"Test {name}"} for name in _KEYS}
    names["agency"] = {"organization-name": AGENCY, "common-name": "雨花社保"}
    names["revoked"] = names["mute"] = {"organization-name": AGENCY, "common-name": "revoked"}
    architecture = {
        "keyset": "keys",
        "entity-defaults": {"country-name": "CN"},
        "entities": names,
        "certs": {
            "root": _authority("root", "root"),
            "issuer": _authority("issuer", "root", _crl("root")),
            "ocsp": _certificate(
                "ocsp",
                "issuer",
                _usage("digital_signature"),
                _purpose("ocsp_signing"),
                {"id": "ocsp_no_check"},
            ),
            "tsa": _certificate("tsa", "root", *stamps, until=tsa_until),
            "tsa2": _certificate("tsa2", "root", *stamps),
            "agency": _certificate("agency", "issuer", signs, _crl("agencies"), _ocsp()),
            "revoked": _certificate("revoked", "issuer", signs, _crl("agencies"), _ocsp())
            | {"revocation": {"revoked-since": "2024-01-01T00:00:00+0000"}},
            "stranger": _certificate("stranger", "issuer", signs, _crl("agencies"), _ocsp()),
            "mute": _certificate("mute", "issuer", signs),
        },
        "services": {
            "ocsp": {
                "agencies": {
                    "for-issuer": "issuer",
                    "responder-cert": "ocsp",
                    "signing-key": "ocsp",
                }
            },
            "crl-repo": {
                "root": {
                    "for-issuer": "root",
                    "signing-key": "root",
                    "simulated-update-schedule": "P90D",
                },
                "agencies": {
                    "for-issuer": "issuer",
                    "signing-key": "issuer",
                    "simulated-update-schedule": "P30D",
                },
            },
            "time-stamping": {
                "tsa": {"signing-key": "tsa", "signing-cert": "tsa"},
                "tsa2": {"signing-key": "tsa2", "signing-cert": "tsa2"},
            },
        },
    }
    keys = {name: {"path": f"{name}.pem"} for name in _KEYS}
    return {
        "keysets": {"keys": {"path-prefix": ".", "keys": keys}},
        "pki-architectures": {_ARCH: architecture},
    }


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        pass


@dataclass(kw_only=True)
class Pki:
    """The infrastructure at work, and what it has been asked."""

    folder: Path
    url: str
    _archive: Any
    #: paths that were asked for, in order
    asked: list[str]
    #: parts of the paths of services that answer nothing but 503
    down: set[str]

    @property
    def stamps(self) -> str:
        return f"{self.url}/{_ARCH}/tsa/tsa"

    @property
    def other_stamps(self) -> str:
        return f"{self.url}/{_ARCH}/tsa/tsa2"

    def certificate(self, name: str) -> x509.Certificate:
        found = self._archive.get_cert(CertLabel(name)).dump()
        return x509.load_der_x509_certificate(found)

    def key(self, name: str = "agency") -> SigningKey:
        private = self._archive.key_set.get_private_key(KeyLabel(name)).dump()
        chain = [self.certificate("issuer"), self.certificate("root")]
        return signing_key(
            load_der_private_key(private, None), self.certificate(name), chain, origin="a test"
        )

    def root_file(self) -> Path:
        file = self.folder / "root.crt"
        file.write_bytes(self.certificate("root").public_bytes(Encoding.PEM))
        return file

    def key_file(self, name: str = "agency", phrase: bytes | None = None) -> Path:
        key = self.key(name)
        file = self.folder / f"{name}.p12"
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(
                None,
                key.private,
                key.certificate,
                list(key.issuers),
                BestAvailableEncryption(phrase) if phrase else NoEncryption(),
            )
        )
        return file


@contextmanager
def pki(folder: Path, *, tsa_until: str = "2090-01-01") -> Iterator[Pki]:
    """The infrastructure on a free port of loopback, until the block ends."""
    for name in _KEYS:
        (folder / f"{name}.pem").write_bytes(_private(name))
    app = _Front()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    configuration = CertomancerConfig(
        _configuration(tsa_until), key_search_dir=str(folder), external_url_prefix=url
    )
    archive = configuration.get_pki_arch(ArchLabel(_ARCH))
    app.animator = Animator(AnimatorArchStore({ArchLabel(_ARCH): archive}), with_web_ui=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Pki(folder=folder, url=url, _archive=archive, asked=app.asked, down=app.down)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Front:
    """Stands before certomancer: takes down what is asked, and plays services that are away."""

    def __init__(self) -> None:
        self.animator: Any = None
        self.asked: list[str] = []
        self.down: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if any(f"/{word}/" in f"{path}/" for word in self.down):
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        if path.endswith("/lie"):
            environ = _about_something_else(environ)
        return self.animator(environ, start_response)


def _about_something_else(environ: dict[str, Any]) -> dict[str, Any]:
    """The same question about another digest: the answer has the right nonce, and lies."""
    asked = tsp.TimeStampReq.load(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    asked["message_imprint"]["hashed_message"] = b"\1" * 32
    body = asked.dump()
    path = environ["PATH_INFO"].removesuffix("/lie")
    changed = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), "PATH_INFO": path}
    return environ | changed


@contextmanager
def silence() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}/"
