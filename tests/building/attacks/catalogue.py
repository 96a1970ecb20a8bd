"""All attacks, in the order of the table in docs/verification.md."""

from functools import cache

from tests.building.attacks import (
    additions,
    certificates,
    differences,
    files,
    forgery,
    shadow,
    signers,
    stamps,
    updates,
)
from tests.building.attacks.attack import Attack


@cache
def catalogue() -> tuple[Attack, ...]:
    """Every variant of every class; no file is made yet."""
    rooms = (updates, forgery, shadow, signers, certificates, files, stamps, additions, differences)
    return tuple(attack for room in rooms for attack in room.attacks())
