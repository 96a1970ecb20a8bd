"""Events that mean ill: accepted rightly or refused with pointer and code, and soon."""

import os
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.parsing import digest, parse
from schemas.reading import SIZE_LIMIT
from tests.building.hostile import harmless, hostile, judged
from tests.building.messages import raw

#: inputs of the long form
LONG = int(os.environ.get("HANYIN_TEST_FUZZ", "20000"))
RANDOMS = st.randoms(use_true_random=False)


@settings(deadline=None, max_examples=300)
@given(random=RANDOMS)
def test_a_spoilt_event_is_accepted_rightly_or_refused_with_pointer_and_code(
    random: Random,
) -> None:
    judged(hostile(random))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_so_are_all_of_many() -> None:
    accepted = [judged(hostile(Random(seed))) for seed in range(LONG)]
    # neither all nor none: the spoiling is neither too weak nor too strong to tell anything
    assert LONG / 100 < sum(accepted) < LONG / 2


def test_the_spoiling_leaves_some_acceptable() -> None:
    accepted = [judged(hostile(Random(seed))) for seed in range(400)]
    assert 4 < sum(accepted) < 200


@settings(deadline=None, max_examples=100)
@given(random=RANDOMS)
def test_what_says_the_same_is_accepted_as_the_same(random: Random) -> None:
    plain, again = harmless(random)
    assert parse(again).event == parse(plain).event
    assert digest(again) == digest(plain)


def full(begin: bytes, piece: bytes, end: bytes) -> bytes:
    """A message of the largest size, of pieces."""
    return begin + piece * ((SIZE_LIMIT - len(begin) - len(end)) // len(piece)) + end


#: the largest messages there are, each of the kind that some part of a parser is slow at
BOMBS = {
    "depth": full(b"", b"[", b""),
    "depth in objects": full(b"", b'{"a":', b""),
    "depth hidden in strings": full(b'["', b'\\"[', b""),
    "quotes without an end": full(b"", b'"\\', b""),
    "brackets of both kinds": full(b"", b"[]{}", b""),
    "digits": full(b"[", b"9", b"]"),
    "digits behind the point": full(b"[0.", b"9", b"]"),
    "an exponent": full(b"[1e", b"9", b"]"),
    "one member over and over": full(b"{", b'"a":1,', b'"a":1}'),
    "unknown members": b"{" + b",".join(b'"m%d":1' % n for n in range(90_000)) + b"}",
    "lists in a list": full(b"[[]", b",[]", b"]"),
    "empty objects where benefits stand": raw("01").replace(
        b'"overpayments": [', b'"overpayments": [' + b"{}," * 200_000
    ),
    "escapes": full(b'["', b"\\u4e2d", b'"]'),
    "surrogates": full(b'["', b"\\ud800", b'"]'),
    "blanks": full(b"", b" ", b""),
    "hidden characters": full(b'["', "\u202e".encode(), b'"]'),
    "colons in an id": raw("05").replace(b'"id": "', b'"id": "' + b":" * 500_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_the_largest_message_of_any_kind_is_refused_within_seconds(name: str) -> None:
    began = time.process_time()
    assert not judged(BOMBS[name])
    assert time.process_time() - began < 5
