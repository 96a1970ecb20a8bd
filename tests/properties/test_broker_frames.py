"""Frames: whatever a publisher wrote, py-amqp can decode what is left of it."""

import hashlib
import struct
from typing import Any

import amqp
from amqp.serialization import decode_properties_basic, loads
from hypothesis import given
from hypothesis import strategies as st

from workers.brokers import Oversize
from workers.brokers.frames import (
    BASIC_DELIVER,
    BASIC_GET_OK,
    BODY_FRAME,
    FLAGS_AT,
    HEADER_FRAME,
    METHOD_FRAME,
    harmless,
    harmless_frames,
    oversize_of,
    printable,
)
from workers.brokers.oversize import HEAD_BYTES

short_bytes = st.binary(max_size=255)
user_ids = st.text(st.characters(whitelist_categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=60)
hostile_properties = st.fixed_dictionaries(
    {},
    optional={
        "content_type": short_bytes,
        "content_encoding": short_bytes,
        "application_headers": st.dictionaries(st.text(max_size=20), st.binary(max_size=50)),
        "delivery_mode": st.integers(0, 255),
        "priority": st.integers(0, 255),
        "correlation_id": short_bytes,
        "reply_to": short_bytes,
        "expiration": short_bytes,
        "message_id": short_bytes,
        "timestamp": st.integers(0, 2**64 - 1),
        "type": short_bytes,
        "app_id": short_bytes,
        "cluster_id": short_bytes,
    },
)


def header(properties: dict[str, Any]) -> bytes:
    prefix = struct.pack(">HHQ", 60, 0, 12345)
    return prefix + bytes(amqp.Message(b"", **properties)._serialize_properties())


@given(hostile_properties, user_ids)
def test_of_a_header_the_user_id_alone_is_left(properties: dict[str, Any], user: str) -> None:
    payload = harmless(HEADER_FRAME, header(properties | {"user_id": user}))
    assert decode_properties_basic(payload, FLAGS_AT)[0] == {"user_id": user}


@given(hostile_properties)
def test_of_a_header_without_a_user_id_nothing_is_left(properties: dict[str, Any]) -> None:
    payload = harmless(HEADER_FRAME, header(properties))
    assert decode_properties_basic(payload, FLAGS_AT)[0] == {}


@given(hostile_properties)
def test_the_size_of_the_body_stays(properties: dict[str, Any]) -> None:
    assert struct.unpack_from(">Q", harmless(HEADER_FRAME, header(properties)), 4) == (12345,)


@given(st.binary(max_size=300))
def test_a_header_that_is_cut_short_proves_nobody(rest: bytes) -> None:
    flags = struct.pack(">H", 0xFFF8)  # every property is said to be there
    payload = harmless(HEADER_FRAME, struct.pack(">HHQ", 60, 0, 0) + flags + rest)
    decoded, _ = decode_properties_basic(payload, FLAGS_AT)
    assert set(decoded) <= {"user_id"}


@given(short_bytes, short_bytes, st.integers(0, 2**64 - 1))
def test_a_delivery_keeps_its_tags_and_gets_printable_names(
    exchange: bytes, routing_key: bytes, tag: int
) -> None:
    names = b"".join(bytes([len(name)]) + name for name in (exchange, routing_key))
    payload = BASIC_DELIVER + b"\x04ctag" + struct.pack(">QB", tag, 1) + names
    values, _ = loads("sLbss", harmless(METHOD_FRAME, payload), 4)
    assert values == ["ctag", tag, True, printable(exchange), printable(routing_key)]


@given(short_bytes, short_bytes, st.integers(0, 2**32 - 1))
def test_a_fetched_message_keeps_the_count_behind_its_names(
    exchange: bytes, routing_key: bytes, count: int
) -> None:
    names = b"".join(bytes([len(name)]) + name for name in (exchange, routing_key))
    payload = BASIC_GET_OK + struct.pack(">QB", 7, 0) + names + struct.pack(">I", count)
    values, _ = loads("Lbssl", harmless(METHOD_FRAME, payload), 4)
    assert values == [7, False, printable(exchange), printable(routing_key), count]


@given(st.binary())
def test_printable_text_is_printable_and_never_longer(raw: bytes) -> None:
    text = printable(raw)
    assert text.isprintable()
    assert len(text.encode()) <= len(raw)


@given(st.text(st.characters(whitelist_categories=["L", "N", "P", "Zs"])))
def test_printable_text_stays_as_it_is(text: str) -> None:
    if text.isprintable():
        assert printable(text.encode()) == text


@given(st.binary().filter(lambda raw: not raw.startswith((BASIC_DELIVER, BASIC_GET_OK))))
def test_other_methods_and_bodies_are_not_touched(payload: bytes) -> None:
    assert harmless(METHOD_FRAME, payload) == payload
    assert harmless(3, payload) == payload


class Wire:
    """A connection, as far as the frame handler knows one."""

    def __init__(self) -> None:
        self.bytes_recv = 0
        self.heartbeats = 0
        self.messages: list[Any] = []

    def heartbeat_tick(self) -> None:
        self.heartbeats += 1

    def take(self, _channel: int, _method: Any, _arguments: bytes, message: Any) -> None:
        self.messages.append(message)


def deliver(tag: int) -> bytes:
    return BASIC_DELIVER + b"\x04ctag" + struct.pack(">QB", tag, 0) + b"\x01x\x01k"


def content(body: bytes, user: str) -> bytes:
    properties = amqp.Message(b"", user_id=user, message_id="9:forged")._serialize_properties()
    return struct.pack(">HHQ", 60, 0, len(body)) + bytes(properties)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=300)), min_size=1, max_size=6),
    st.integers(1, 200),
    user_ids,
)
def test_whatever_comes_in_whatever_pieces_a_body_is_whole_or_condensed(
    sent: list[tuple[int, bytes]], piece: int, user: str
) -> None:
    wire = Wire()
    on_frame = harmless_frames(wire, wire.take, most=100)
    frames = 0
    for channel, body in sent:
        on_frame((METHOD_FRAME, channel, deliver(1)))
        on_frame((HEADER_FRAME, channel, content(body, user)))
        for start in range(0, len(body), piece):
            on_frame((BODY_FRAME, channel, body[start : start + piece]))
            frames += len(body) > 100
    assert len(wire.messages) == len(sent)
    for message, (_, body) in zip(wire.messages, sent, strict=True):
        digest = hashlib.sha256(body).hexdigest()
        wanted = Oversize(size=len(body), sha256=digest) if len(body) > 100 else None
        assert bytes(message.body or b"") == body[:HEAD_BYTES]
        assert oversize_of(message.properties.get("message_id")) == wanted
        assert message.properties["user_id"] == user
    # each frame that is read and not passed on is a sign of life in both directions
    assert wire.heartbeats == frames
    assert wire.bytes_recv >= frames


def test_of_a_body_of_any_size_the_head_alone_is_held() -> None:
    wire = Wire()
    on_frame = harmless_frames(wire, wire.take, most=1000)
    piece = bytes(128 * 1024)
    on_frame((METHOD_FRAME, 1, deliver(1)))
    on_frame((HEADER_FRAME, 1, struct.pack(">HHQ", 60, 0, 1000 * len(piece)) + b"\0\0"))
    for _ in range(1000):
        on_frame((BODY_FRAME, 1, piece))
    (message,) = wire.messages
    assert len(message.body) == HEAD_BYTES
    found = oversize_of(message.properties["message_id"])
    assert found is not None
    assert found.size == 1000 * len(piece)
