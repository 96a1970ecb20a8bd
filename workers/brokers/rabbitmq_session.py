"""One pika connection in a thread of its own, with pipelined publisher confirms.

The thread keeps the heartbeats going while the relay has nothing to send. pika's blocking
channel waits for each confirm by itself, a network round trip a message; here all messages of
a call are on their way before the first confirm is read.
"""

import ssl
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from time import time
from typing import Any

import pika
from pika.exceptions import (
    AMQPError,
    AuthenticationError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from schemas.file_faults import os_words
from schemas.sentence import BilingualError, Sentence
from workers.brokers import OutgoingMessage, PublishOutcome
from workers.brokers.address import distrust
from workers.brokers.confirms import Batch, Confirms

CONTENT_TYPE = "application/cloudevents+json"
PERSISTENT = 2
#: RabbitMQ's reply code for a login or a right refused (AMQP 0-9-1, 1.3)
ACCESS_REFUSED = 403
#: how pika tells that a login or a virtual host was refused; it keeps no code
_LOGIN_REFUSED = (AuthenticationError, ProbableAccessDeniedError, ProbableAuthenticationError)
#: tells which message came back: message ids may repeat within a call
TAG_HEADER = "hanyin-publish-tag"


class SessionLostError(BilingualError):
    """The session is over; ``reply_code`` is RabbitMQ's where it gave one, else 0."""

    def __init__(self, reason: Sentence, *, reply_code: int = 0) -> None:
        super().__init__(reason.zh, reason.en)
        self.reply_code = reply_code


class ConfirmingSession:
    """A connection with one channel in confirm mode; over for good once it is lost."""

    def __init__(self, parameters: pika.ConnectionParameters, *, user_id: str) -> None:
        self._parameters = parameters
        self._user_id = user_id
        self._opened: Future[None] = Future()
        self._guard = threading.Lock()
        #: guarded: set once, then nothing is handed to the thread any more
        self._lost: SessionLostError | None = None
        #: guarded: calls that wait for their outcomes
        self._batches: list[Batch] = []
        self._confirms = Confirms()
        self._channel: Any = None
        self._connection: Any = None
        self._thread = threading.Thread(target=self._run, name="hanyin-outlet", daemon=True)

    def open(self, *, timeout: float) -> None:
        """The channel is ready. Raises ``SessionLostError`` or ``TimeoutError``."""
        self._thread.start()
        self._opened.result(timeout)

    def publish(
        self, messages: Sequence[OutgoingMessage], *, timeout: float
    ) -> list[PublishOutcome]:
        """One outcome for each message, in order.

        Raises ``SessionLostError``, and ``TimeoutError`` where a confirm is missing.
        """
        batch = Batch(messages)
        with self._guard:
            if self._lost is not None:
                raise self._lost
            self._batches = [entry for entry in self._batches if not entry.done.done()]
            self._batches.append(batch)
            self._connection.ioloop.add_callback_threadsafe(lambda: self._send(batch))
        return batch.done.result(timeout)

    def close(self, *, timeout: float) -> None:
        """The connection is closed and its thread has ended, at the latest after ``timeout``."""
        with self._guard:
            if self._lost is None and self._connection is not None:
                self._connection.ioloop.add_callback_threadsafe(self._hang_up)
        if self._thread.is_alive():
            self._thread.join(timeout)

    # -- from here on everything runs in the session's thread

    def _run(self) -> None:
        reason: Exception = SessionLostError(Sentence("连接已断", "the connection ended"))
        try:
            self._connect().ioloop.start()
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            reason = error
        self._give_up(reason)
        if self._connection is not None:
            self._connection.ioloop.close()

    def _connect(self) -> Any:
        connection = pika.SelectConnection(
            self._parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_end,
            on_close_callback=self._on_end,
        )
        with self._guard:
            self._connection = connection
        return connection

    def _on_open(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_confirm, callback=self._on_confirm_mode)

    def _on_confirm_mode(self, _frame: Any) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _send(self, batch: Batch) -> None:
        for index, message in enumerate(batch.messages):
            if self._lost is not None:
                return
            try:
                self._send_one(message, self._confirms.expect(batch, index))
            except AMQPError as error:
                self._give_up(error)

    def _send_one(self, message: OutgoingMessage, tag: int) -> None:
        self._channel.basic_publish(
            exchange=message.exchange,
            routing_key=message.routing_key,
            body=message.body,
            mandatory=True,
            properties=pika.BasicProperties(
                content_type=CONTENT_TYPE,
                delivery_mode=PERSISTENT,
                message_id=message.message_id,
                type=message.type,
                timestamp=int(time()),
                user_id=message.user_id or self._user_id,
                headers={TAG_HEADER: tag},
            ),
        )

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        self._confirms.returned(properties.headers[TAG_HEADER])

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        refused = isinstance(method, pika.spec.Basic.Nack)
        self._confirms.settled(method.delivery_tag, multiple=method.multiple, refused=refused)

    def _on_channel_closed(self, _channel: Any, error: Exception) -> None:
        self._give_up(error)
        self._hang_up()

    def _on_end(self, connection: Any, error: Exception) -> None:
        self._give_up(error)
        connection.ioloop.stop()

    def _hang_up(self) -> None:
        """The connection closes, however far it has come; ``_on_end`` hears of it."""
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()

    def _give_up(self, error: Exception) -> None:
        """Whoever waits hears that the session is over; the first reason stands."""
        with self._guard:
            self._lost = self._lost or _as_lost(error)
            waiting: list[Future[Any]] = [self._opened, *(batch.done for batch in self._batches)]
            self._batches = []
        for future in waiting:
            if not future.done():
                future.set_exception(self._lost)


def _as_lost(error: BaseException) -> SessionLostError:
    """The reason in RabbitMQ's words and with its code, where pika has kept them."""
    if isinstance(error, SessionLostError):
        return error
    if isinstance(error, _LOGIN_REFUSED):
        return SessionLostError(_last_words(error), reply_code=ACCESS_REFUSED)
    code = getattr(error, "reply_code", 0)
    text = str(getattr(error, "reply_text", ""))
    return SessionLostError(Sentence(text, text) if text else _last_words(error), reply_code=code)


def _last_words(error: BaseException) -> Sentence:
    """The innermost text of pika's nested exceptions, which repeat each other."""
    inside = [*getattr(error, "exceptions", ()), getattr(error, "exception", None), *error.args]
    nested = [entry for entry in inside if entry]
    inner = nested[-1] if nested else None
    if isinstance(error, ssl.SSLCertVerificationError):
        return distrust(error)
    if isinstance(inner, BaseException):
        return _last_words(inner)
    if isinstance(error, OSError) and error.errno:
        return os_words(error)
    text = str(inner or type(error).__name__)
    return Sentence(text, text)
