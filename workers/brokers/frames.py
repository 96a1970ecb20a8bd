r"""AMQP frames made harmless before py-amqp reads them.

py-amqp decodes properties and routing keys strictly and kombu unpacks what a ``compression``
header names. Both are the publisher's words: a content type of ``\xff`` would raise in the
receiver at every delivery, and a few bytes could unpack to gigabytes. So of the properties
only ``user_id`` is kept, and names become printable text. Layout: AMQP 0-9-1, 2.3.5 and 4.2.5.
"""

import struct
from collections.abc import Callable
from typing import Any

from amqp.method_framing import frame_handler

METHOD_FRAME = 1
HEADER_FRAME = 2
#: class and method, the two that bring a message
BASIC_DELIVER = struct.pack(">HH", 60, 60)
BASIC_GET_OK = struct.pack(">HH", 60, 71)
#: method, delivery tag and the bit "redelivered" stand before the exchange in basic.get-ok
GET_OK_EXCHANGE_AT = 13
#: class, weight and body size stand before the property flags
FLAGS_AT = 12
USER_ID_FLAG = 1 << 4
#: width of each property from the highest flag down to the one before user_id:
#: -1 short string, -4 table, else bytes
WIDTHS_BEFORE_USER_ID = (-1, -1, -4, 1, 1, -1, -1, -1, -1, 8, -1)

Frame = tuple[int, int, bytes]


def harmless_frames(connection: Any, callback: Callable[..., Any]) -> Callable[[Frame], bool]:
    """py-amqp's frame handler, given only frames that it can decode (``frame_handler`` option)."""
    handle: Callable[[Frame], bool] = frame_handler(connection, callback)

    def on_frame(frame: Frame) -> bool:
        kind, channel, payload = frame
        return handle((kind, channel, harmless(kind, bytes(payload))))

    return on_frame


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


def _header(payload: bytes) -> bytes:
    """The content header with ``user_id`` alone, or with no property where it has none."""
    user_id = _user_id(payload)
    if user_id is None:
        return payload[:FLAGS_AT] + struct.pack(">H", 0)
    flags = struct.pack(">H", USER_ID_FLAG)
    return payload[:FLAGS_AT] + flags + _as_short_string(printable(user_id))


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
