"""HTTP to servers that the directory or a certificate names: bounded, and to no internal address.

Who writes a certificate chooses the URLs in it, and who answers for a name in the DNS chooses its
addresses. So the address itself is looked at when a socket is made for it: whatever the URL said
(a name, ``2130706433``, ``[::ffff:127.0.0.1]``), and however the name resolves the next time.
"""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from ssl import SSLContext
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import hdrs

from schemas.sentence import BilingualError

_log = structlog.get_logger(__name__)

Network = IPv4Network | IPv6Network

#: where an operator names addresses that are not public
SETTING = "agencies.seal.private_networks"
_SCHEMES = frozenset({"http", "https"})
_LEAST_REDIRECT, _LEAST_REFUSAL = 300, 400
#: RFC 6052, 2.1: the IPv4 address stands in the last 32 bits
_NAT64 = ip_network("64:ff9b::/96")
#: RFC 4291, 2.4: IPv6 addresses that were given out so far
_GIVEN_OUT = ip_network("2000::/3")
#: RFC 3056: 6to4, whose addresses hold an IPv4 address of anybody's choosing
_6TO4 = ip_network("2002::/16")
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class AddressRefused(BilingualError, OSError):
    """The address is neither public nor named in the directory."""


class AnswerRefused(aiohttp.ClientError):
    """The answer is too large, a redirect, or the question should not have been asked."""


def session(
    *,
    most: int,
    networks: Sequence[Network],
    tls: SSLContext | bool = True,
    login: bool = False,
) -> aiohttp.ClientSession:
    """A session whose answers hold ``most`` bytes together; for one piece of work, to be closed.

    It connects to public addresses and to ``networks``, follows no redirect, reads no proxy and no
    password from the environment, unpacks nothing, and sends credentials only where ``login``.
    Its errors are aiohttp's.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls, socket_factory=_SocketFactory(networks)),
        response_class=_bounded(most),
        middlewares=[_decent(login=login)],
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={hdrs.ACCEPT_ENCODING: "identity"},
    )


def require_allowed(address: str, networks: Iterable[Network]) -> None:
    """Raise ``AddressRefused`` unless ``address`` is public or in one of ``networks``."""
    meant = _meant(ip_address(address.partition("%")[0]))
    if _is_public(meant) or any(meant in network for network in networks):
        return
    _log.warning("an internal address was refused", address=str(meant), setting=SETTING)
    raise AddressRefused(
        f"{meant} 不是公网地址；请在 {SETTING} 中写明其网络",
        f"{meant} is not a public address; name its network in {SETTING}",
    )


def allowed_addresses(host: str, networks: Sequence[Network]) -> list[str]:
    """The addresses of ``host``, to connect to instead of the name.

    Raises ``AddressRefused`` where one of them is not allowed, OSError where there is none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [str(endpoint[0]) for *_, endpoint in found]
    for address in addresses:
        require_allowed(address, networks)
    return addresses


def named_by(url: str) -> tuple[Network, ...]:
    """What a URL in the directory names outright: an address that stands in it, or localhost.

    A name in it may resolve to anything, so it names nothing.
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return _LOOPBACK
    try:
        return (ip_network(_meant(ip_address(host))),)
    except ValueError:
        return ()


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address not in _GIVEN_OUT or address in _6TO4):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


class _SocketFactory:
    """Makes sockets for allowed addresses; aiohttp connects them to that address and no other."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)

    def __call__(self, info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, endpoint = info
        require_allowed(str(endpoint[0]), self._networks)
        return socket.socket(family, kind, protocol)


def _decent(*, login: bool) -> aiohttp.ClientMiddlewareType:
    async def decent(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if request.url.scheme not in _SCHEMES:
            raise AnswerRefused("the URL is neither http nor https")
        if hdrs.AUTHORIZATION in request.headers and not login:
            raise AnswerRefused("the URL of a certificate has a password in it")
        response = await handler(request)
        if _LEAST_REDIRECT <= response.status < _LEAST_REFUSAL:
            response.close()
            raise AnswerRefused(f"the answer is a redirect ({response.status})")
        return response

    return decent


def _bounded(most: int) -> type[aiohttp.ClientResponse]:
    """A class of responses that together hold ``most`` bytes."""
    left = most

    class Bounded(aiohttp.ClientResponse):
        async def read(self) -> bytes:
            nonlocal left
            pieces = []
            async for piece in self.content.iter_any():
                left -= len(piece)
                if left < 0:
                    self.close()
                    raise AnswerRefused(f"the answers have more than {most} bytes")
                pieces.append(piece)
            return b"".join(pieces)

    return Bounded
