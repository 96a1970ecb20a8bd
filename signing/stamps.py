"""Time stamps (RFC 3161) from a list of servers: the first that gives a right one serves.

A token is looked at before it is used: the digest that was sent, a signature that holds, an
authority under a trusted root, a clock that agrees with ours. A server that fails is passed over
for a minute, so that letters do not wait for its time limit one after the other.
"""

import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import structlog
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from schemas.configuration import TimeStampServer
from schemas.errors import Misconfigured, Unavailable
from schemas.sentence import BilingualError, Sentence
from signing import outbound
from signing.container import LARGEST_TOKEN
from signing.converting import all_to_asn1
from signing.keyfiles import first_line
from signing.tokens import canonical
from signing.verdict import Refused

_log = structlog.get_logger(__name__)

#: bytes of an answer that are read
_LARGEST_ANSWER = 64 * 1024
#: seconds for which a server that failed is passed over
_REST_SECONDS = 60.0
#: a token's time and this machine's may lie apart by this much
_CLOCKS_APART = timedelta(minutes=10)


class StampsAway(Unavailable):
    """No time stamp server gave a right token; each one's reason is in the message."""


class StampServers(TimeStamper):
    """pyHanko's time stamper over the list; ``async_timestamp`` raises ``StampsAway``."""

    def __init__(
        self,
        servers: Sequence[TimeStampServer],
        roots: Sequence[x509.Certificate],
        *,
        networks: Sequence[outbound.Network] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._servers = tuple(servers)
        self._roots = tuple(roots)
        self._networks = tuple(networks)
        self._clock = clock
        #: server → the moment from which on it is tried again, and why it rests
        self._resting: dict[str, tuple[float, Sentence]] = {}

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A right token over ``message_digest``, from the first server that gives one."""
        for server in self._servers:
            if self._rests(server):
                continue
            try:
                return await self._stamped(server, message_digest, md_algorithm)
            except _Failed as error:
                self._resting[server.url] = (self._clock() + _REST_SECONDS, error.sentence)
                _log.warning("a time stamp server failed", server=server.url, reason=str(error))
        reasons = Sentence.joined(
            Sentence(f"{url}：{reason.zh}", f"{url}: {reason.en}")
            for url, reason in self._reasons()
        )
        raise StampsAway(
            f"没有时间戳服务器可用（{reasons.zh or '没有设置'}）",
            f"no time stamp server serves ({reasons.en or 'none is set'})",
        )

    def _reasons(self) -> list[tuple[str, Sentence]]:
        return [(server.url, self._resting[server.url][1]) for server in self._servers]

    @property
    def latest(self) -> cms.ContentInfo:
        """The last token that a server gave. Raises LookupError before the first."""
        return next(reversed(self._dummy_response_cache.values()))

    def _rests(self, server: TimeStampServer) -> bool:
        until, _ = self._resting.get(server.url, (0.0, None))
        return self._clock() < until

    async def _stamped(
        self, server: TimeStampServer, digest: bytes, md_algorithm: str
    ) -> cms.ContentInfo:
        try:
            async with self._session(server) as session:
                client = HTTPTimeStamper(
                    server.url, timeout=server.seconds, auth=_login(server), session=session
                )
                token = await client.async_timestamp(digest, md_algorithm)
        except (TimestampRequestError, TimeoutError) as error:
            cause = error.__cause__ or error
            words = _first_words(error, cause)
            raise _Failed(words.zh, words.en) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _Failed("答复不是时间戳", "the answer is no time stamp") from error
        await self._demand_right(token, digest)
        token = self._spelled(token)
        # pyHanko's estimates and our evidence go by the server that serves now
        self._register_dummy(md_algorithm, token)  # type: ignore[no-untyped-call]
        return token

    def _session(self, server: TimeStampServer) -> aiohttp.ClientSession:
        return outbound.session(
            most=_LARGEST_ANSWER,
            networks=(*self._networks, *outbound.named_by(server.url)),
            tls=_trust(server),
            login=True,
        )

    async def _demand_right(self, token: cms.ContentInfo, digest: bytes) -> None:
        signed = token["content"]
        context = ValidationContext(trust_roots=all_to_asn1(self._roots), allow_fetching=False)
        try:
            found = await validate_tst_signed_data(signed, context, lambda _: digest)
        except Exception as error:  # whatever a parser stumbles over is no time stamp
            raise _Failed("时间戳无法读取", "the token cannot be read") from error
        if not (found["valid"] and found["intact"]):
            raise _Failed("时间戳不正确", "the token is not right")
        if found.get("trust_problem_indic") is not None or not found.get("validation_path"):
            raise _Failed(
                "其证书不通向 HANYIN_TSA_TRUST_FILES 中的根",
                "its certificate does not lead to a root in HANYIN_TSA_TRUST_FILES",
            )
        if abs(found["timestamp"] - datetime.now(UTC)) > _CLOCKS_APART:
            raise _Failed(
                "其时钟与本机相差十分钟以上",
                "its clock and this machine's are more than ten minutes apart",
            )

    def _spelled(self, token: cms.ContentInfo) -> cms.ContentInfo:
        """``token`` as letters hold it, with its authority's whole chain."""
        try:
            spelled = canonical(token, self._roots)
        except Refused as error:
            raise _Failed(
                "其机构的证书链没有根：请在 HANYIN_TSA_TRUST_FILES 中写明",
                "its authority's chain does not end in a root: name the root in"
                " HANYIN_TSA_TRUST_FILES",
            ) from error
        if len(spelled.dump()) > LARGEST_TOKEN:
            raise _Failed(
                f"时间戳连同整条证书链超过 {LARGEST_TOKEN} 字节",
                f"the token is larger than {LARGEST_TOKEN} bytes with its whole chain",
            )
        return spelled


class _Failed(BilingualError):  # passes from one server to the next
    """This server gave no right token."""


def stamp_ends(token: cms.ContentInfo) -> datetime:
    """When the certificate that signed ``token`` ends; aware."""
    ends: datetime = signer_of(token)[0].not_valid_after
    return ends


def signer_of(
    token: cms.ContentInfo,
) -> tuple[asn1_x509.Certificate, list[asn1_x509.Certificate]]:
    """The certificate that signed ``token``, and the others that came with it."""
    held = extract_certificate_info(token["content"])
    return held.signer_cert, list(held.other_certs)


def _login(server: TimeStampServer) -> tuple[str, str] | None:
    if server.user is None:
        return None
    if server.password_file is None:
        raise Misconfigured(
            f"agencies.seal.time_stamp_servers：{server.url} 有用户而没有 password_file",
            f"agencies.seal.time_stamp_servers: {server.url} has a user and no password_file",
        )
    setting = "agencies.seal.time_stamp_servers.password_file"
    return server.user, first_line(Path(server.password_file), setting).decode("utf-8")


def _trust(server: TimeStampServer) -> ssl.SSLContext | bool:
    if server.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(
            f"agencies.seal.time_stamp_servers.ca_file {server.ca_file} 不能作为 PEM 读取",
            f"agencies.seal.time_stamp_servers.ca_file {server.ca_file} cannot be read as PEM",
        ) from error


def _first_words(error: BaseException, cause: BaseException) -> Sentence:
    reason = cause.__cause__ or cause
    own = error is cause or isinstance(reason, outbound.AddressRefused | outbound.AnswerRefused)
    words = str(reason) if own else type(cause).__name__
    words = words[:200] or type(error).__name__
    return reason.sentence if isinstance(reason, BilingualError) else Sentence(words, words)
