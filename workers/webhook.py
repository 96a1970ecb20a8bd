"""Alarms are told to an operator's own server by HTTP: signed, without anybody's data, bounded.

Signed as Standard Webhooks 1.0 has it, so that receivers find a library for it. Nothing waits for
the server: it is asked by a thread of its own, and what it did not take is offered again after
pauses that grow, for three days.
"""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog
import urllib3
from urllib3.exceptions import HTTPError

from ledger import alarms, claims
from ledger.alarms import RaisedAlarm
from ledger.database import Database
from schemas.alarms import alarm_kind
from schemas.errors import Misconfigured, Unavailable
from schemas.identifiers import new_id
from workers.clock import Clock, local
from workers.settings import Settings

_log = structlog.get_logger(__name__)

URL, SECRET, CA = "HANYIN_ALARM_URL", "HANYIN_ALARM_SECRET_FILE", "HANYIN_ALARM_CA_FILE"
_CLAIM = "webhook"
#: alarms in one request
_MOST = 100
#: seconds for a connection, and for the whole answer
_CONNECT_SECONDS, _ANSWER_SECONDS = 3.0, 5.0
#: seconds until it is tried again: doubled from the first to the second
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 3600.0
#: after which an alarm that was not taken is offered no more; `hanyin alarms` has it all the same
_GIVEN_UP = timedelta(days=3)
#: seconds between two looks for alarms
_EVERY = timedelta(seconds=1)
#: bytes of a secret, at least (Standard Webhooks asks for 24 to 64)
_SECRET_BYTES = 24
_PREFIX = "whsec_"
_LEAST_OK, _LEAST_NOT_OK = 200, 300


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where alarms are told, and by what their telling is signed."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    pool: urllib3.PoolManager

    @classmethod
    def of(cls, settings: Settings) -> "Webhook | None":
        """The one that the settings name; None where they name none. Raises ``Misconfigured``."""
        if settings.alarm_url is None:
            return None
        if settings.alarm_secret_file is None:
            raise Misconfigured(
                f"设置了 {URL} 而没有设置 {SECRET}；请指明存有签名密钥的文件",
                f"{URL} is set and {SECRET} is not; name the file with the secret",
            )
        url = settings.alarm_url.get_secret_value()
        require_safe(url)
        pool = urllib3.PoolManager(
            ssl_context=_context(settings.alarm_ca_file),
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, total=_ANSWER_SECONDS),
            retries=False,
            maxsize=1,
        )
        return cls(url=url, secret=_secret(settings.alarm_secret_file), pool=pool)

    def post(self, raised: Sequence[RaisedAlarm], at: datetime) -> str | None:
        """Why the server did not take them; None where it did. Raises nothing, waits seconds."""
        body = _body(raised, at)
        headers = {"Content-Type": "application/json", **self._signed(raised, body, at)}
        try:
            answer = self.pool.request(
                "POST",
                self.url,
                body=body,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
        except (HTTPError, OSError, ValueError) as error:
            # the error's text has the URL, which may be a secret
            return type(error).__name__
        status = int(answer.status)
        # what it says is of no use here, and may be endless
        answer.close()
        return None if _LEAST_OK <= status < _LEAST_NOT_OK else f"HTTP {status}"

    def _signed(self, raised: Sequence[RaisedAlarm], body: bytes, at: datetime) -> dict[str, str]:
        """The headers of Standard Webhooks; the same alarms have the same id at every try."""
        names = ",".join(str(each.seq) for each in raised) or new_id()
        message_id = f"alarms_{hashlib.sha256(names.encode()).hexdigest()[:32]}"
        moment = str(int(at.timestamp()))
        content = b".".join([message_id.encode(), moment.encode(), body])
        code = base64.b64encode(hmac.digest(self.secret, content, "sha256")).decode("ascii")
        return {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{code}",
        }


class Telling:
    """Tells the webhook every alarm, once it has taken it never again."""

    name = "alarms"

    def __init__(self, *, database: Database, webhook: Webhook, clock: Clock) -> None:
        self._database = database
        self._webhook = webhook
        self._clock = clock
        self._token = new_id()
        self._next_look = clock()

    def step(self) -> int:
        """What is due is told or put off; how many alarms. Raises ``Unavailable``."""
        now = self._clock()
        if now < self._next_look:
            return 0
        self._next_look = now + _EVERY
        due = self._due(now)
        if not due:
            return 0
        refusal = self._webhook.post(due, now)
        seqs = [each.seq for each in due]
        with self._database.writing() as connection:
            if refusal is None:
                alarms.mark_posted(connection, seqs)
            else:
                pause = _pause(alarms.tries(connection, seqs))
                alarms.postpone_posts(connection, now=now, until=now + pause)
        if refusal is not None:
            _log.warning("the webhook did not take alarms", reason=refusal, alarms=len(due))
        return len(due)

    def _due(self, now: datetime) -> list[RaisedAlarm]:
        lease = timedelta(seconds=2 * _ANSWER_SECONDS)
        with self._database.reading() as connection:
            if not alarms.due_posts(connection, now=now, limit=1):
                return []
        with self._database.writing() as connection:
            if not claims.take(connection, _CLAIM, token=self._token, now=now, lease=lease):
                return []
            late = alarms.give_up_posts(connection, before=now - _GIVEN_UP)
            due = alarms.due_posts(connection, now=now, limit=_MOST)
        if late:
            _log.warning("alarms are told to the webhook no more", alarms=late)
        return due

    def close(self) -> None:
        """What was raised to the last is told, once; the connection is given back."""
        self._next_look = self._clock()
        with suppress(Unavailable):
            self.step()
        self._webhook.pool.clear()
        self._database.close()


def require_safe(url: str) -> None:
    """Raise ``Misconfigured`` unless the URL is https, or http to this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Misconfigured(
            f"{URL} 不是网址；请写成 https://主机/路径", f"{URL} is no URL; write https://host/path"
        ) from None
    if not host or port == 0 or parts.scheme not in {"https", "http"}:
        raise Misconfigured(
            f"{URL} 不是服务器的网址；请写成 https://主机/路径",
            f"{URL} is no URL of a server; write https://host/path",
        )
    if parts.username is not None or parts.password is not None:
        raise Misconfigured(
            f"{URL} 中有用户或口令；请去掉，推送凭签名识别",
            f"{URL} has a user or password in it; remove them, the signature is what counts",
        )
    if parts.scheme == "http" and not _is_here(parts):
        raise Misconfigured(
            f"{URL} 是 http；请用 https，或本机的服务器",
            f"{URL} is http; write https, or a server on this machine",
        )


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _pause(tries: int) -> timedelta:
    return timedelta(seconds=min(_FIRST_PAUSE * 2 ** min(tries, 16), _LONGEST_PAUSE))


def _body(raised: Sequence[RaisedAlarm], at: datetime) -> bytes:
    told = {
        "type": "hanyin.alarms.v1",
        "sent_at": local(at).isoformat(),
        "alarms": [_told(each) for each in raised],
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8")


def _told(each: RaisedAlarm) -> dict[str, Any]:
    """The alarm, without anybody's data: no case number, no details."""
    kind = alarm_kind(each.kind)
    return {
        "id": each.seq,
        "alarm": each.kind,
        "raised_at": local(each.at).isoformat(),
        "agency": each.agency,
        "number": each.number,
        "message": kind.zh,
        "message_en": kind.en,
        "advice": kind.advice,
        "advice_en": kind.advice_en,
    }


def _secret(file: Path) -> bytes:
    """The key: of a secret ``whsec_…`` what its base64 says, else the text itself."""
    try:
        text = file.read_text(encoding="utf-8").strip()
        coded = text.removeprefix(_PREFIX)
        key = base64.b64decode(coded, validate=True) if coded != text else text.encode("utf-8")
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise Misconfigured(
            f"{SECRET}：{file} 无法读取（{type(error).__name__}）；请指明存有密钥的文本文件"
            "（密钥可用 openssl rand -hex 32 生成）",
            f"{SECRET}: {file} cannot be read ({type(error).__name__}); name a text file with a"
            " secret, as `openssl rand -hex 32` makes one",
        ) from None
    if len(key) < _SECRET_BYTES:
        raise Misconfigured(
            f"{SECRET}：{file} 中的密钥有 {len(key)} 字节，至少要 {_SECRET_BYTES} 字节",
            f"{SECRET}: the secret in {file} has {len(key)} bytes; it needs"
            f" {_SECRET_BYTES} or more",
        )
    return key


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(
            f"{CA}：{ca_file} 无法读取（{type(error).__name__}）；请指明 PEM 文件",
            f"{CA}: {ca_file} cannot be read ({type(error).__name__}); name a PEM file",
        ) from None
