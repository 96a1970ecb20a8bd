"""Frames: whatever a publisher wrote, py-amqp can decode what is left of it."""

import struct
from typing import Any

import amqp
from amqp.serialization import decode_properties_basic, loads
from hypothesis import given
from hypothesis import strategies as st

from workers.brokers.frames import (
    BASIC_DELIVER,
    BASIC_GET_OK,
    FLAGS_AT,
    HEADER_FRAME,
    METHOD_FRAME,
    harmless,
    printable,
)

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
