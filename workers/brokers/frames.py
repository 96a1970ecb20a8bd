r"""AMQP frames made harmless before py-amqp reads them.

py-amqp decodes properties and routing keys strictly and kombu unpacks what a ``compression``
header names. Both are the publisher's words: a content type of ``\xff`` would raise in the
receiver at every delivery, and a few bytes could unpack to gigabytes. So of the properties
only ``user_id`` is kept, and names become printable text. Of a body that is larger than the intake
takes, py-amqp gets the head, and size and digest as the property ``message_id``, which no publisher
can set. Layout: AMQP 0-9-1, 2.3.5 and 4.2.5.
"""

import struct
from collections.abc import Callable
from typing import Any

from amqp.method_framing import frame_handler

from workers.brokers import Oversize
from workers.brokers.oversize import Condensing

METHOD_FRAME = 1
HEADER_FRAME = 2
BODY_FRAME = 3
#: class and method, the two that bring a message
BASIC_DELIVER = struct.pack(">HH", 60, 60)
BASIC_GET_OK = struct.pack(">HH", 60, 71)
#: method, delivery tag and the bit "redelivered" stand before the exchange in basic.get-ok
GET_OK_EXCHANGE_AT = 13
#: class and weight stand before the body size, it before the property flags
SIZE_AT, FLAGS_AT = 4, 12
MESSAGE_ID_FLAG = 1 << 7
USER_ID_FLAG = 1 << 4
#: width of each property from the highest flag down to the one before user_id:
#: -1 short string, -4 table, else bytes
WIDTHS_BEFORE_USER_ID = (-1, -1, -4, 1, 1, -1, -1, -1, -1, 8, -1)

Frame = tuple[int, int, bytes]


def harmless_frames(
    connection: Any, callback: Callable[..., Any], *, most: int | None = None
) -> Callable[[Frame], bool]:
    """py-amqp's frame handler, given only frames that it can decode (``frame_handler`` option).

    Of a body of more than ``most`` bytes it gets the head (``oversize_of`` has the rest).
    """
    handle: Callable[[Frame], bool] = frame_handler(connection, callback)
    #: channel → a body that is too large, on its way: its header, bytes to come, what is kept
    condensing: dict[int, _Condensed] = {}

    def on_frame(frame: Frame) -> bool:
        kind, channel, payload = frame[0], frame[1], bytes(frame[2])
        if kind == HEADER_FRAME and most is not None and _body_size(payload) > most:
            condensing[channel] = _Condensed(payload)
            return False
        if kind != BODY_FRAME or channel not in condensing:
            return handle((kind, channel, harmless(kind, payload)))
        # however slowly it comes, each end hears from the other
        connection.bytes_recv += 1
        connection.heartbeat_tick()
        if not condensing[channel].feed(payload):
            return False
        header, head = condensing.pop(channel).frames()
        handle((HEADER_FRAME, channel, header))
        return handle((BODY_FRAME, channel, head))

    return on_frame


class _Condensed:
    """A message that is too large, on its way."""

    def __init__(self, header: bytes) -> None:
        self._header = header
        self._left = _body_size(header)
        self._kept = Condensing()

    def feed(self, payload: bytes) -> bool:
        """The next frame of the body; whether it was the last."""
        self._kept.feed(payload)
        self._left -= len(payload)
        return self._left <= 0

    def frames(self) -> tuple[bytes, bytes]:
        """The payloads of header and body that stand for the message."""
        head, oversize = self._kept.result()
        size = struct.pack(">Q", len(head))
        return _header(self._header[:SIZE_AT] + size + self._header[FLAGS_AT:], oversize), head


def oversize_of(message_id: str | None) -> Oversize | None:
    """What a message's ``message_id`` says of it: our own word, or nothing."""
    if not message_id:
        return None
    size, _, sha256 = message_id.partition(":")
    return Oversize(size=int(size), sha256=sha256)


def harmless(kind: int, payload: bytes) -> bytes:
    """The payload of a frame, changed only where a publisher's words stand in it."""
    if kind == HEADER_FRAME:
        return _header(payload)
    if kind == METHOD_FRAME and payload.startswith(BASIC_DELIVER):
        # consumer tag, delivery tag, the bit "redelivered"
        return _with_printable_names(payload, exchange_at=5 + payload[4] + 9)
    if kind == METHOD_FRAME and payload.startswith(BASIC_GET_OK):
        return _with_printable_names(payload, exchange_at=GET_OK_EXCHANGE_AT)
    return payload


def printable(raw: bytes) -> str:
    """``raw`` as text that any database takes; never longer in bytes than ``raw``."""
    text = raw.decode("utf-8", "replace").replace("\ufffd", "?")
    return "".join(character if character.isprintable() else "?" for character in text)


def _with_printable_names(payload: bytes, *, exchange_at: int) -> bytes:
    """The method with exchange and routing key printable; the rest is ours and RabbitMQ's."""
    key_at = exchange_at + 1 + payload[exchange_at]
    rest_at = key_at + 1 + payload[key_at]
    names = (_short_string(payload, exchange_at), _short_string(payload, key_at))
    written = b"".join(_as_short_string(printable(name)) for name in names)
    return payload[:exchange_at] + written + payload[rest_at:]


def _body_size(header: bytes) -> int:
    size: int = struct.unpack_from(">Q", header, SIZE_AT)[0]
    return size


def _header(payload: bytes, oversize: Oversize | None = None) -> bytes:
    """The content header with ``user_id`` alone where it has one, and our word of its size."""
    flags, properties = 0, b""
    if oversize is not None:
        flags |= MESSAGE_ID_FLAG
        properties += _as_short_string(f"{oversize.size}:{oversize.sha256}")
    user_id = _user_id(payload)
    if user_id is not None:
        flags |= USER_ID_FLAG
        properties += _as_short_string(printable(user_id))
    return payload[:FLAGS_AT] + struct.pack(">H", flags) + properties


def _user_id(payload: bytes) -> bytes | None:
    (flags,) = struct.unpack_from(">H", payload, FLAGS_AT)
    if not flags & USER_ID_FLAG:
        return None
    offset = FLAGS_AT + 2
    try:
        for index, width in enumerate(WIDTHS_BEFORE_USER_ID):
            if flags & (0x8000 >> index):
                offset += _width(payload, offset, width)
        return _short_string(payload, offset)
    except (IndexError, struct.error):
        # RabbitMQ refuses such a header from a publisher; should one come, it proves nobody
        return None


def _width(payload: bytes, offset: int, width: int) -> int:
    if width == -1:
        return 1 + payload[offset]
    if width == -4:  # noqa: PLR2004 - a table counts its bytes in four
        length: int = struct.unpack_from(">I", payload, offset)[0]
        return 4 + length
    return width


def _short_string(payload: bytes, offset: int) -> bytes:
    return payload[offset + 1 : offset + 1 + payload[offset]]


def _as_short_string(text: str) -> bytes:
    raw = text.encode("utf-8")
    return bytes([len(raw)]) + raw
