"""The outlet on RabbitMQ: pika, persistent, ``mandatory``, confirmed."""

import ssl
from collections.abc import Iterator, Sequence

import pika

from schemas.errors import Misconfigured, Unavailable
from workers.brokers import OutgoingMessage, PublishOutcome
from workers.brokers.address import SETTING, RabbitAddress, trusted
from workers.brokers.rabbitmq_connection import CONNECT_TIMEOUT, HEARTBEAT
from workers.brokers.rabbitmq_session import ACCESS_REFUSED, ConfirmingSession, SessionLostError

#: seconds to wait for the confirms of a window; a blocked broker (memory, disk) takes longer
CONFIRM_TIMEOUT = 60.0
#: how much is on its way before its confirms are waited for
WINDOW_MESSAGES = 256
WINDOW_BYTES = 16 * 1024 * 1024

#: what RabbitMQ answers to a message over ``max_message_size`` or with another's user id
PRECONDITION_FAILED = 406


class RabbitOutlet:
    """``Outlet`` on RabbitMQ; one thread at a time."""

    def __init__(self, address: RabbitAddress, *, confirm_timeout: float = CONFIRM_TIMEOUT) -> None:
        self._address = address
        self._timeout = confirm_timeout
        self._session: ConfirmingSession | None = None

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        """See ``Outlet.publish``."""
        outcomes: list[PublishOutcome] = []
        for window in windows(messages):
            outcomes += self._publish_window(window)
        return outcomes

    def close(self) -> None:
        """See ``Outlet.close``."""
        session, self._session = self._session, None
        if session is not None:
            session.close(timeout=CONNECT_TIMEOUT)

    def _publish_window(self, window: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        try:
            return self._attempt(window)
        except SessionLostError as error:
            self.close()
            if error.reply_code != PRECONDITION_FAILED:
                raise self._trouble(error) from error
        # RabbitMQ closed the channel over one of them and does not say which
        if len(window) == 1:
            return [PublishOutcome.REFUSED]
        return [outcome for message in window for outcome in self._publish_window([message])]

    def _attempt(self, window: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        try:
            return self._open().publish(window, timeout=self._timeout)
        except TimeoutError as error:
            self.close()
            raise Unavailable(
                f"{self._address} 的 RabbitMQ 没有在 {self._timeout:g} 秒内确认"
                "；请看其内存或磁盘是否已满",
                f"RabbitMQ at {self._address} did not confirm within {self._timeout:g} s; "
                "see whether it is out of memory or disk space",
            ) from error

    def _open(self) -> ConfirmingSession:
        if self._session is None:
            self._session = ConfirmingSession(
                _parameters(self._address.at_hand()), user_id=self._address.user
            )
            self._session.open(timeout=CONNECT_TIMEOUT)
        return self._session

    def _trouble(self, error: SessionLostError) -> Unavailable | Misconfigured:
        if error.reply_code == ACCESS_REFUSED:
            return Misconfigured(
                f"{self._address} 的 RabbitMQ 拒绝此用户：{error.sentence.zh}；请检查 "
                f"{SETTING} 中的用户、口令、虚拟主机和该用户的权限",
                f"RabbitMQ at {self._address} refuses this user: {error.sentence.en}; "
                f"check user, password and virtual host in {SETTING} and the user's permissions",
            )
        return Unavailable(
            f"{self._address} 的 RabbitMQ 不能使用：{error.sentence.zh}",
            f"RabbitMQ at {self._address} cannot be used: {error.sentence.en}",
        )


def _parameters(address: RabbitAddress) -> pika.ConnectionParameters:
    return pika.ConnectionParameters(
        host=address.host,
        port=address.port,
        virtual_host=address.virtual_host,
        credentials=pika.PlainCredentials(address.user, address.password),
        ssl_options=_tls(address),
        heartbeat=int(HEARTBEAT),
        socket_timeout=CONNECT_TIMEOUT,
        stack_timeout=CONNECT_TIMEOUT,
    )


def _tls(address: RabbitAddress) -> pika.SSLOptions | None:
    if not address.tls:
        return None
    return pika.SSLOptions(ssl.create_default_context(cafile=trusted(address)), address.host)


def windows(messages: Sequence[OutgoingMessage]) -> Iterator[list[OutgoingMessage]]:
    """``messages`` in order, in pieces that fit into memory twice."""
    window: list[OutgoingMessage] = []
    size = 0
    for message in messages:
        if window and (len(window) == WINDOW_MESSAGES or size + len(message.body) > WINDOW_BYTES):
            yield window
            window, size = [], 0
        window.append(message)
        size += len(message.body)
    if window:
        yield window
