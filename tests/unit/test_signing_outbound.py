"""Servers that a certificate or the directory names: how far they can reach, and be reached."""

import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import repeat
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from asn1crypto import ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from schemas.configuration import RemoteSigner, SealSettings, TimeStampServer
from schemas.errors import Misconfigured, ProductionFailed, Unavailable
from signing import outbound
from signing.converting import all_to_asn1
from signing.leveling import Leveling
from signing.opening import open_key
from signing.revocation import Mode, Revocation
from signing.running import run
from signing.stamps import StampsAway, StampServers
from tests.building.certificates import certificate_for
from tests.building.pki import LOOPBACK, Pki, pki
from tests.building.sealing import chain_file, elliptic_key, root
from tests.building.web import Web, web

PUBLIC = ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
#: whatever spelling an address has, what counts is where it leads
INTERNAL = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "::", "::1", "::ffff:127.0.0.1"),  # noqa: S104
    *("10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "::ffff:10.1.2.3"),
    *("169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
    *("::127.0.0.1", "64:ff9b::a01:203", "2002:a01:203::1", "2001:0:4136:e378::1", "fec0::1"),
    *("2001:db8::1", "64:ff9b:1::1"),
]


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


def fetched(url: str, *networks: outbound.Network, most: int = 100, login: bool = False) -> bytes:
    async def get() -> bytes:
        async with (
            outbound.session(most=most, networks=networks, login=login) as session,
            session.get(url, timeout=aiohttp.ClientTimeout(10)) as answer,
        ):
            return await answer.read()

    return run(get())


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Names resolve to ``answers``, one after the other, then to the last; which were asked for."""
    left, asked = [*answers], []
    real = socket.getaddrinfo

    def lookup(host: str, port: Any, *args: Any, **more: Any) -> Any:
        if host[:1].isdigit() or ":" in host:
            return real(host, port, *args, **more)
        asked.append(host)
        return real(left.pop(0) if len(left) > 1 else left[0], port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


# -- addresses


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    outbound.require_allowed(address, [])


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_refused_however_it_is_written(address: str) -> None:
    with pytest.raises(outbound.AddressRefused, match="private_networks"):
        outbound.require_allowed(address, [ip_network("172.20.0.0/16")])


def test_a_network_that_is_named_is_allowed_and_no_other() -> None:
    outbound.require_allowed("10.1.2.3", [ip_network("10.1.0.0/16")])
    outbound.require_allowed("::ffff:10.1.2.3", [ip_network("10.1.0.0/16")])
    outbound.require_allowed("fd00::7", [ip_network("10.1.0.0/16"), ip_network("fd00::/64")])
    with pytest.raises(outbound.AddressRefused):
        outbound.require_allowed("10.2.0.1", [ip_network("10.1.0.0/16")])


def test_a_url_in_the_directory_names_the_address_in_it_and_a_name_names_nothing() -> None:
    assert outbound.named_by("http://10.1.2.3:3161/tsa") == (ip_network("10.1.2.3"),)
    assert outbound.named_by("http://[fd00::1]/") == (ip_network("fd00::1"),)
    assert ip_address("127.0.0.1") in outbound.named_by("http://localhost:1/")[0]
    assert outbound.named_by("http://tsa.example/") == ()


# -- connections


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0", "localhost"])
def test_loopback_gets_no_connection(server: Web, host: str) -> None:
    with pytest.raises((aiohttp.ClientError, ValueError)):
        fetched(f"http://{host}:{server.port}/")
    assert server.asked == []


def test_where_it_is_named_loopback_answers(server: Web) -> None:
    assert fetched(server.url, LOOPBACK) == b"hello"


def test_a_name_that_resolves_to_an_internal_address_is_refused(
    server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_asked = resolving(monkeypatch, "127.0.0.1")
    with pytest.raises(aiohttp.ClientConnectorError):
        fetched(f"http://crl.example:{server.port}/")
    assert (assert_asked, server.asked) == (["crl.example"], [])


def test_a_name_that_changes_its_mind_is_looked_at_when_it_is_connected_to(
    server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    # public when it is looked up first, loopback when the connection is made (DNS rebinding)
    resolving(monkeypatch, "1.1.1.1", "127.0.0.1")
    assert outbound.allowed_addresses("crl.example", []) == ["1.1.1.1"]
    with pytest.raises(aiohttp.ClientConnectorError):
        fetched(f"http://crl.example:{server.port}/")
    assert server.asked == []


def test_a_redirect_is_not_followed(server: Web) -> None:
    with web() as target:
        server.status, server.headers = 302, {"Location": target.url}
        with pytest.raises(outbound.AnswerRefused, match="redirect"):
            fetched(server.url, LOOPBACK)
    assert (len(server.asked), target.asked) == (1, [])


@pytest.mark.parametrize("scheme", ["ftp", "file", "ws", "gopher"])
def test_nothing_but_http_is_spoken(server: Web, scheme: str) -> None:
    with pytest.raises((aiohttp.ClientError, ValueError)):
        fetched(f"{scheme}://127.0.0.1:{server.port}/etc/passwd", LOOPBACK)
    assert server.asked == []


def test_no_more_is_read_than_is_taken(server: Web) -> None:
    server.body = lambda: repeat(b"x" * 65536, 16 * 1024)
    with pytest.raises(outbound.AnswerRefused, match="1000 bytes"):
        fetched(server.url, LOOPBACK, most=1000)
    # a gigabyte was on its way; what left is what the sockets hold
    assert server.sent < 64 * 1024 * 1024


def test_what_all_answers_hold_together_is_limited(server: Web) -> None:
    async def get() -> None:
        async with outbound.session(most=12, networks=[LOOPBACK]) as session:
            for _ in range(3):
                async with session.get(server.url) as answer:
                    assert await answer.read() == b"hello"

    with pytest.raises(outbound.AnswerRefused):
        run(get())
    assert len(server.asked) == 3


def test_a_packed_answer_is_not_unpacked(server: Web) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    assert fetched(server.url, LOOPBACK) == b"hello"
    assert server.asked[0][1]["Accept-Encoding"] == "identity"


def test_no_credentials_go_along(
    server: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    assert fetched(server.url, LOOPBACK) == b"hello"
    with pytest.raises(outbound.AnswerRefused, match="password"):
        fetched(server.url.replace("//", "//me:secret@"), LOOPBACK)
    assert [headers.get("Authorization") for _, headers in server.asked] == [None]


# -- revocation: URLs that a certificate names


def certificate(
    url: str, *, issuer_key: Any = None, method: x509.ObjectIdentifier
) -> tuple[x509.Certificate, x509.Certificate]:
    """A certificate that names ``url``, and its root; signed by another key where one is given."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("root", "a")]
    place = x509.AccessDescription(method, x509.UniformResourceIdentifier(url))

    def built(subject: x509.Name, signer: Any, *, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.AuthorityInformationAccess([place]), critical=False)
            .sign(signer, SHA256())
        )

    return built(names[1], issuer_key or key, ca=False), built(names[0], key, ca=True)


def asked_about(
    chain: tuple[x509.Certificate, x509.Certificate], *networks: Any, mode: Mode = "require"
) -> None:
    own, above = all_to_asn1(chain)
    run(Revocation([above], networks=networks, seconds=5).evidence(own, [], mode=mode))


@pytest.mark.parametrize("mode", ["require", "ask"])
def test_a_certificate_cannot_have_internal_addresses_asked(server: Web, mode: Mode) -> None:
    chain = certificate(server.url, method=AuthorityInformationAccessOID.OCSP)
    if mode == "ask":
        asked_about(chain, mode=mode)
    else:
        with pytest.raises(Unavailable):
            asked_about(chain)
    assert server.asked == []


def test_a_certificate_has_those_asked_that_are_named(server: Web) -> None:
    chain = certificate(server.url, method=AuthorityInformationAccessOID.OCSP)
    with pytest.raises(Unavailable):
        asked_about(chain, LOOPBACK)
    assert len(server.asked) == 1


def test_a_certificate_that_no_known_issuer_signed_has_nobody_asked(server: Web) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    chain = certificate(server.url, method=AuthorityInformationAccessOID.OCSP, issuer_key=stranger)
    with pytest.raises(Unavailable):
        asked_about(chain, LOOPBACK)
    assert server.asked == []


def test_no_issuer_is_fetched_from_where_a_certificate_says_it_is(server: Web) -> None:
    own, _ = certificate(server.url, method=AuthorityInformationAccessOID.CA_ISSUERS)
    with pytest.raises(Unavailable):
        asked_about((own, root()), LOOPBACK)
    assert server.asked == []


def test_a_responder_that_answers_for_ever_is_away(server: Web) -> None:
    server.body = lambda: repeat(b"x" * 65536, 16 * 1024)
    chain = certificate(server.url, method=AuthorityInformationAccessOID.OCSP)
    with pytest.raises(Unavailable):
        asked_about(chain, LOOPBACK)
    assert server.sent < 64 * 1024 * 1024


def test_responders_on_loopback_are_asked_only_where_they_are_named(servers: Pki) -> None:
    revoked = servers.key("revoked")
    Leveling(SealSettings(), []).demand_not_revoked(revoked)
    assert servers.asked == []
    with pytest.raises(ProductionFailed, match="revoked"):
        Leveling(SealSettings(private_networks=[LOOPBACK]), []).demand_not_revoked(revoked)


def test_an_answer_of_a_responder_has_the_form_that_the_limit_lets_through(servers: Pki) -> None:
    own, *others = all_to_asn1(servers.key().chain)
    found = run(Revocation(others[-1:], networks=[LOOPBACK]).evidence(own, others))
    assert any(isinstance(answer, ocsp.OCSPResponse) for answer in found.ocsps)


# -- time stamps


def stamped(servers: Pki, url: str, *networks: outbound.Network) -> None:
    chosen = [TimeStampServer(url=url, seconds=10)]
    roots = [servers.certificate("root")]
    run(StampServers(chosen, roots, networks=networks).async_timestamp(b"7" * 32, "sha256"))


def test_a_time_stamp_server_by_name_must_be_named_where_it_is_internal(
    servers: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    by_name = servers.stamps.replace("127.0.0.1", "tsa.example")
    with pytest.raises(StampsAway, match=r"127\.0\.0\.1 .* agencies\.seal\.private_networks"):
        stamped(servers, by_name)
    stamped(servers, by_name, LOOPBACK)
    # an address in the directory's own URL names itself
    stamped(servers, servers.stamps)


def test_a_time_stamp_server_that_redirects_or_answers_for_ever_is_passed_over(
    servers: Pki, server: Web
) -> None:
    server.status, server.headers = 307, {"Location": servers.stamps}
    with pytest.raises(StampsAway, match="redirect"):
        stamped(servers, server.url)
    server.status, server.headers = 200, {"Content-Type": "application/timestamp-reply"}
    server.body = lambda: repeat(b"x" * 65536, 16 * 1024)
    with pytest.raises(StampsAway, match="65536 bytes"):
        stamped(servers, server.url)
    assert server.sent < 64 * 1024 * 1024


# -- the remote signer


def remote(folder: Path, url: str, *networks: outbound.Network, **more: Any) -> Any:
    settings = RemoteSigner(url=url, key="k", seconds=5, **more)
    certificates = str(chain_file(folder, elliptic_key()))
    return open_key(
        SealSettings(
            remote=settings, certificate_file=certificates, private_networks=list(networks)
        )
    )


def test_a_remote_signer_by_name_must_be_named_where_it_is_internal(
    server: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    url = f"http://signer.example:{server.port}/sign?a=b"
    with pytest.raises(Misconfigured, match=r"agencies\.seal\.private_networks"):
        remote(tmp_path, url).sign(b"x")
    assert server.asked == []
    with pytest.raises(Unavailable):
        remote(tmp_path, url, LOOPBACK).sign(b"x")
    ((path, headers),) = server.asked
    assert (path, headers["Host"]) == ("/sign?a=b", f"signer.example:{server.port}")


@pytest.mark.parametrize(("shown", "asked"), [("signer.example", 1), ("other.example", 0)])
def test_the_certificate_is_the_names_though_the_address_was_chosen_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str, asked: int
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    authority = certificate_for(tmp_path, shown)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(authority, tmp_path / "key.pem")
    with web(tls) as server:
        server.body = lambda: iter([json.dumps({"signature": "AAAA"}).encode()])
        url = f"https://signer.example:{server.port}/"
        with pytest.raises(Unavailable):
            remote(tmp_path, url, LOOPBACK, ca_file=str(authority)).sign(b"x")
        assert len(server.asked) == asked


def test_a_remote_signer_that_cannot_be_resolved_is_away(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        remote(tmp_path, "http://signer.invalid/").sign(b"x")
