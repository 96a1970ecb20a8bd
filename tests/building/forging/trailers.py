"""What ends a file, spelled so that one reader may read it otherwise than another."""

from collections.abc import Callable
from random import Random

from tests.building.forging.draft import Draft, Found


def _lead(draft: Draft, name: bytes = b"/Prev") -> Callable[[Found], bytes]:
    """Entries that lead to the hidden section and the forged catalogue."""
    catalogue = _catalogue(draft)

    def entries(found: Found) -> bytes:
        return b" /Root %d 0 R %s %010d" % (catalogue, name, found.get("section", 0))

    return entries


def _catalogue(draft: Draft) -> int:
    top = max(draft.forged, default=0)
    return top if b"/Catalog" in draft.forged.get(top, b"") else draft.base.root


def trailer_ends_early(draft: Draft, random: Random) -> None:
    """With one ``>``, behind which readers go on to another /Root and /Prev."""
    lead = _lead(draft)
    space = random.choice([b" ", b"", b"\n"])
    draft.trailer_more = lambda found: space + b">" + lead(found)


def trailer_names_twice(draft: Draft, random: Random) -> None:
    name = random.choice([b"/Root", b"/Prev", b"/Size"])
    if name == b"/Size":
        draft.trailer.append((name, b"%d" % (draft.size + 50)))
    else:
        lead = _lead(draft)
        draft.trailer = [pair for pair in draft.trailer if name != b"/Root" or pair[0] != b"/ID"]
        draft.trailer_more = lead


def trailer_without_root(draft: Draft, _: Random) -> None:
    draft.trailer = [pair for pair in draft.trailer if pair[0] != b"/Root"]


def trailer_with_another_root(draft: Draft, random: Random) -> None:
    root = _catalogue(draft)
    values = [b"%d 0 R", b"%d 1 R", b"[%d 0 R]", b"%d 00 R", b"+%d 0 R", b"0%d 0 R"]
    if root == draft.base.root:
        value = random.choice(values[1:]) % root
    else:
        value = random.choice(values) % root
    draft.trailer = [(name, value if name == b"/Root" else old) for name, old in draft.trailer]


def trailer_leads_back_oddly(draft: Draft, random: Random) -> None:
    """/Prev as a real, a reference, with a sign, past 32 bits, to nothing or to what is hidden."""
    at = draft.base.section
    odd = random.choice([b"%d.0", b"+%d", b"0%d", b"%d 0 R", b"-%d", b"[%d]"])
    value = random.choice([odd % at, b"%d" % (at + 2**32), b"0", b"99999999"])
    draft.trailer = [pair for pair in draft.trailer if pair[0] != b"/Prev"]
    if random.random() < 0.5:
        draft.trailer.append((b"/Prev", value))
    else:
        draft.trailer_more = lambda found: b" /Prev %010d" % found.get("section", 0)


def trailer_is_small(draft: Draft, random: Random) -> None:
    """/Size at most the number of the content, or none at all."""
    size = random.choice([b"", b"0", b"1", b"%d" % draft.base.content, b"-1", b"4294967297"])
    draft.trailer = [
        (name, size if name == b"/Size" else value)
        for name, value in draft.trailer
        if size or name != b"/Size"
    ]


def trailer_of_two_kinds(draft: Draft, random: Random) -> None:
    """/XRefStm leads to a hidden cross-reference stream, or into the letter."""
    name = random.choice([b"/XRefStm", b"/XRefStm", b"/Encrypt", b"/Extends"])
    draft.trailer_more = lambda found: b" %s %010d" % (name, found.get("section", 0))


def startxref_odd(draft: Draft, random: Random) -> None:
    way = random.choice(
        [
            b"startxref\n%d.0\n",
            b"startxref\n+%d\n",
            b"startxref\n0%d\n",
            b"startxref %d\n",
            b"startxref\n%d \n",
            b"startxref\n\n%d\n",
            b"startxref\n%%x\n%d\n",
            b"Startxref\n%d\n",
            b"startxref\n-%d\n",
            b"startxref\n%d 5\n",
        ]
    )
    draft.startxref = lambda offset: way % offset


def startxref_elsewhere(draft: Draft, random: Random) -> None:
    base, more = draft.base.section, random.choice([1, -1, 4, 2**32])
    choose = random.randrange(3)
    draft.startxref = lambda offset: (
        b"startxref\n%d\n" % (base if choose == 0 else offset + more if choose == 1 else 0)
    )


def startxref_twice(draft: Draft, random: Random) -> None:
    base, first = draft.base.section, random.random() < 0.5

    def both(offset: int) -> bytes:
        one, other = (offset, base) if first else (base, offset)
        return b"startxref\n%d\n%%%%EOF\nstartxref\n%d\n" % (one, other)

    draft.startxref = both


def end_odd(draft: Draft, random: Random) -> None:
    draft.end = random.choice(
        [
            b"",
            b"%%EOF",
            b"%%EOF\r",
            b"%%EOF\n\n",
            b"%EOF\n",
            b"%%EOF %%EOF\n",
            b"%%EOF\n%%EOF\n",
            b"%%EOF\0",
            b"%%EOFF\n",
            b" %%EOF\n",
            b"%%eof\n",
            b"%%EOF\n%x\n",
            b"%%EOF\nstartxref\n0\n%%EOF\n",
        ]
    )
