"""Spellings that every reader reads alike: what is refused of them is refused for nothing."""

from collections.abc import Callable
from random import Random

from tests.building.forging.draft import Draft, Item

Change = Callable[[Draft, Random], None]


def nothing(_: Draft, __: Random) -> None:
    """The update as it is."""


def other_spaces(draft: Draft, random: Random) -> None:
    """More of them, or line ends in their place."""
    for item in draft.items:
        if (
            b"stream" not in item.value
            and b"(" not in item.value
            and b"/Contents <" not in item.value
        ):
            item.value = item.value.replace(b" ", random.choice([b"\n", b"  ", b"\r\n"]))


def other_order(draft: Draft, random: Random) -> None:
    """Objects and entries of the trailer in another order."""
    random.shuffle(draft.items)
    random.shuffle(draft.trailer)


def written_again(draft: Draft, random: Random) -> None:
    """The catalogue, as it was."""
    del random
    base = draft.base
    if all(item.number != base.root for item in draft.items):
        draft.items.append(Item(base.root, base.objects[base.root]))


def empty_lines(draft: Draft, random: Random) -> None:
    random.choice(draft.items).before = random.choice([b"\n", b"\r\n\n", b"  \n"])


def other_label(draft: Draft, random: Random) -> None:
    field = draft.item(draft.base.size)
    label = b"(%s)" % random.choice([b"Archive 7", b"T\\(1\\)", b"a\\055b", b"x" * 100])
    field.value = field.value.replace(b"(Later)", label)


def own_entries(draft: Draft, random: Random) -> None:
    """Those that a time stamp or its field may have."""
    field = draft.item(draft.base.size)
    more = random.choice([b"/TU (later)", b"/F 2", b"/AP << /N %d 0 R >>" % (draft.size - 3)])
    field.value = field.value.replace(b" /F 132", b"") if b"/F 2" in more else field.value
    field.value = field.value[:-2] + b" " + more + b" >>"
    if b"/AP" in more:
        look = b"<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\nstream\n\nendstream"
        draft.items.append(Item(draft.size - 3, look))


def other_section(draft: Draft, _: Random) -> None:
    """A stream in place of a table, or the other way round."""
    draft.in_streams = not draft.in_streams


HARMLESS: tuple[Change, ...] = (
    nothing,
    other_spaces,
    other_order,
    written_again,
    empty_lines,
    other_label,
    own_entries,
    other_section,
)
