"""Variants of updates of a sealed letter, by a seed: most of them forged, some harmless."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.building.forging.base import Base, bases
from tests.building.forging.draft import stamping_draft
from tests.building.forging.harmless import HARMLESS
from tests.building.forging.hiding import HIDINGS, Hiding
from tests.building.forging.payload import PAYLOADS
from tests.building.forging.tricks import TRICKS, Trick

#: share of variants in which nothing is forged, and of those with two tricks
_HARMLESS, _TWO = 0.06, 0.3


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A letter with an update."""

    #: its seed and what was done
    name: str
    base: Base = field(repr=False)
    pdf: bytes = field(repr=False)
    forged: bool


def variant(
    seed: int, tricks: Sequence[Trick] = TRICKS, hidings: Sequence[Hiding] = HIDINGS
) -> Variant:
    """The variant of this seed, with one or two of ``tricks``."""
    random = Random(seed)
    base = random.choice(bases())
    draft = stamping_draft(base)
    if tricks is TRICKS and random.random() < _HARMLESS:
        changes = random.sample(HARMLESS, random.choice([1, 2]))
        for change in changes:
            change(draft, random)
        names = [change.__name__ for change in changes]
        return Variant(name=_name(seed, names), base=base, pdf=draft.written(), forged=False)
    payload, hiding = random.choice(PAYLOADS), random.choice(hidings)
    draft.forged = payload(base)
    chosen = random.sample(tricks, 2 if len(tricks) > 1 and random.random() < _TWO else 1)
    for trick in chosen:
        trick(draft, random)
    hiding(draft, random)
    names = [payload.__name__, hiding.__name__, *(trick.__name__ for trick in chosen)]
    return Variant(name=_name(seed, names), base=base, pdf=draft.written(), forged=True)


def variants(
    seeds: range, tricks: Sequence[Trick] = TRICKS, hidings: Sequence[Hiding] = HIDINGS
) -> Iterator[Variant]:
    """The variants of these seeds."""
    for seed in seeds:
        yield variant(seed, tricks, hidings)


def _name(seed: int, names: Sequence[str]) -> str:
    return f"{seed} " + ", ".join(names)
