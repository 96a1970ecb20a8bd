"""How many forged files each rule keeps out, and who is fooled by them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pytest

from signing.examination import examine
from tests.building.forging.generator import Variant, variants
from tests.building.forging.readers import Reader, fooled
from tests.building.forging.rules import Kind
from tests.building.sealing import root

_OPINION = "signing.opinions.require_same_to_readers"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What came of a kind's files while its rules were off."""

    files: int
    #: called genuine although a reader shows something else: without the second opinion, with it
    taken: int
    taken_in_spite_of_opinion: int
    #: by reader, how many of those files it shows otherwise than sealed
    fooled: Counter[str]


def taken(
    kind: Kind, seeds: range, asked: dict[str, Reader]
) -> Iterator[tuple[Variant, list[str]]]:
    """Files of ``kind`` that are called genuine, and the readers that they fool, without opinions.

    The kind's rules are off while the caller goes through them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_OPINION, lambda *_: None)
        for one in variants(seeds, kind.tricks, kind.hidings):
            with pytest.MonkeyPatch.context() as rules:
                kind.switch_off(rules)
                genuine = examine(one.pdf, (root(),)).genuine
            if genuine and (names := fooled(one.pdf, one.base.pdf, asked)):
                yield one, names


def measured(kind: Kind, seeds: range, asked: dict[str, Reader]) -> Measured:
    """All of the kind's files of these seeds."""
    found = list(taken(kind, seeds, asked))
    with pytest.MonkeyPatch.context() as rules:
        kind.switch_off(rules)
        left = sum(examine(one.pdf, (root(),)).genuine for one, _ in found)
    return Measured(
        files=len(seeds),
        taken=len(found),
        taken_in_spite_of_opinion=left,
        fooled=Counter(name for _, names in found for name in names),
    )


def first_taken(kind: Kind, seeds: range, asked: dict[str, Reader]) -> list[Variant]:
    """The first file of ``kind`` that is taken, if any."""
    return [one for one, _ in islice(taken(kind, seeds, asked), 1)]
