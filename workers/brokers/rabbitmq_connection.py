"""kombu connections to RabbitMQ, and what their exceptions mean to the product."""

import re
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from amqp import exceptions as amqp_errors
from kombu import Connection
from kombu.exceptions import KombuError

from schemas.errors import Misconfigured, Unavailable
from schemas.file_faults import os_words
from schemas.sentence import Sentence
from workers.brokers.address import SETTING, RabbitAddress, distrust, trusted
from workers.brokers.frames import harmless_frames
from workers.brokers.topology import Topology, declare

#: seconds to wait for a connection; a broker that takes longer counts as away
CONNECT_TIMEOUT = 10.0
#: seconds without a sign of life after which either side gives the connection up
HEARTBEAT = 60.0
#: seconds that one read or write of the socket may take outside of waiting for messages
SOCKET_TIMEOUT = 30.0

#: from this version on RabbitMQ tells of a queue only who has a right to it; before, any user may
#: look whether it is there and count its messages (passive declare)
KEEPS_COUNTS = (4, 2, 6)

#: what NOT_ALLOWED (530) says of a limit on connections, which is over when others have gone
_LIMIT = "limit"
#: py-amqp raises AttributeError and struct.error where a connection breaks under its hands
_CONNECTION_TROUBLE = (
    amqp_errors.AMQPError,
    KombuError,
    OSError,
    EOFError,
    AttributeError,
    struct.error,
)


def new_connection(address: RabbitAddress, *, most: int | None = None) -> Connection:
    """A kombu connection that is not open yet, to a node that is at hand.

    Of messages with more than ``most`` bytes it brings head, size and digest.
    """
    address = address.at_hand()
    return Connection(
        hostname=address.host,
        port=address.port,
        userid=address.user,
        password=address.password,
        virtual_host=address.virtual_host,
        transport="pyamqp",
        ssl=_tls(address),
        connect_timeout=CONNECT_TIMEOUT,
        heartbeat=HEARTBEAT,
        transport_options={
            "frame_handler": partial(harmless_frames, most=most),
            "read_timeout": SOCKET_TIMEOUT,
            "write_timeout": SOCKET_TIMEOUT,
        },
    )


def open_channel(connection: Connection) -> Any:
    """A new channel on the connection, which is opened: kombu tries twice, two seconds apart."""
    connection.connect()
    return connection.channel()


def close_quietly(connection: Connection | None) -> None:
    """The connection is closed, whatever state it was in."""
    if connection is None:
        return
    try:
        connection.release()
    except _CONNECTION_TROUBLE:
        # it is gone already, which is what was wanted
        return


@contextmanager
def translated(address: RabbitAddress) -> Iterator[None]:
    """The driver's exceptions become the product's; none of their texts holds the password."""
    try:
        yield
    except TimeoutError:
        raise Unavailable(
            f"{address} 的 RabbitMQ 没有及时响应", f"RabbitMQ at {address} did not answer in time"
        ) from None
    except (amqp_errors.AccessRefused, amqp_errors.NotAllowed) as error:
        if _LIMIT in str(error.reply_text):
            raise Unavailable(
                f"{address} 的 RabbitMQ 不再接受连接：{error.reply_text}",
                f"RabbitMQ at {address} takes no more connections: {error.reply_text}",
            ) from error
        raise Misconfigured(
            f"{address} 的 RabbitMQ 拒绝此用户：{error.reply_text}；请检查 "
            f"{SETTING} 中的用户、口令、虚拟主机和该用户的权限",
            f"RabbitMQ at {address} refuses this user: {error.reply_text}; "
            f"check user, password and virtual host in {SETTING} and the user's permissions",
        ) from error
    except amqp_errors.PreconditionFailed as error:
        raise Misconfigured(
            f"{address} 的 RabbitMQ 上已有属性不同的队列或交换机："
            f"{error.reply_text}；请在其为空时删去，再启动",
            f"RabbitMQ at {address} has a queue or exchange of other properties: "
            f"{error.reply_text}; remove it when it is empty, then start again",
        ) from error
    except _CONNECTION_TROUBLE as error:
        raise Unavailable(
            f"{address} 的 RabbitMQ 不能使用：{_reason(error).zh}",
            f"RabbitMQ at {address} cannot be used: {_reason(error).en}",
        ) from error


def declare_on_rabbitmq(address: RabbitAddress, topology: Topology) -> None:
    """The topology exists on the server; idempotent.

    Raises ``Unavailable``, and ``Misconfigured`` where an entity of other properties is there
    or the user may not declare.
    """
    connection = new_connection(address)
    try:
        with translated(address):
            declare(open_channel(connection), topology)
    finally:
        close_quietly(connection)


def demand_on_rabbitmq(address: RabbitAddress, topology: Topology) -> None:
    """The topology exists: declared where this user may, else looked for.

    Raises as ``declare_on_rabbitmq``, and ``Misconfigured`` where something is missing that this
    user may not declare.
    """
    connection = new_connection(address)
    try:
        with translated(address):
            try:
                declare(open_channel(connection), topology)
            except amqp_errors.AccessRefused:
                _look_for(connection, topology)
    finally:
        close_quietly(connection)


def version_of(address: RabbitAddress) -> tuple[int, ...]:
    """RabbitMQ's version, (4, 3, 3). Raises ``Unavailable`` or ``Misconfigured``."""
    connection = new_connection(address)
    try:
        with translated(address):
            open_channel(connection)
            told = str(connection.connection.server_properties["version"])
    finally:
        close_quietly(connection)
    numbers = re.match(r"\d+(\.\d+)*", told)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def _look_for(connection: Connection, topology: Topology) -> None:
    """Everything is there that this user has any right to; of the rest RabbitMQ may say nothing."""
    channel = open_channel(connection)
    exchanges = [("exchange", each.name) for each in topology.exchanges]
    for kind, name in [*exchanges, *(("queue", each.name) for each in topology.queues)]:
        try:
            if kind == "exchange":
                channel.exchange_declare(exchange=name, type="topic", passive=True)
            else:
                channel.queue_declare(queue=name, passive=True)
        except amqp_errors.AccessRefused:
            channel = open_channel(connection)
        except amqp_errors.NotFound as error:
            raise Misconfigured(
                f"RabbitMQ 上缺少此用户无权声明的东西：{error.reply_text}；请由"
                "有权的用户运行 hanyin migrate",
                f"RabbitMQ lacks something that this user may not declare: {error.reply_text};"
                " run `hanyin migrate` as one who may",
            ) from error


def _tls(address: RabbitAddress) -> dict[str, Any] | bool:
    if not address.tls:
        return False
    file = trusted(address)
    authorities = {"ca_certs": file} if file else {}
    return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": address.host, **authorities}


def _reason(error: BaseException) -> Sentence:
    if isinstance(error, ssl.SSLCertVerificationError):
        return distrust(error)
    if isinstance(error, OSError) and error.errno:
        return os_words(error)
    text = str(getattr(error, "reply_text", None) or type(error).__name__)
    return Sentence(text, text)
