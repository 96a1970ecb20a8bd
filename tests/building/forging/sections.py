"""Cross-reference sections that one reader may read otherwise than another."""

from random import Random

from tests.building.forging.draft import Draft, Found, Row


def section_names_the_forged(draft: Draft, random: Random) -> None:
    """In place of what the update has, or beside it; in order, or before all others."""
    way = random.randrange(3)
    draft.trailer = [
        (name, b"%d" % (draft.size + 50) if name == b"/Size" else value)
        for name, value in draft.trailer
    ]

    def edit(rows: list[Row], found: Found) -> None:
        new = [Row(number, 1, found.get(number, 0), 0) for number in sorted(draft.forged)]
        if way < 2:
            rows[:] = [row for row in rows if row.number not in draft.forged]
        rows[:0] = new
        if way != 1:
            rows.sort(key=lambda row: row.number)

    draft.row_edits.append(edit)


def section_names_it_twice(draft: Draft, random: Random) -> None:
    """The right place and the forged one, either first; what is new is left out."""
    first = random.random() < 0.7
    for number in draft.forged:
        if number in draft.base.objects:
            draft.put(number, draft.own(number))
    own = {item.number for item in draft.items}

    def edit(rows: list[Row], found: Found) -> None:
        listed = {row.number for row in rows} & own
        for number in sorted(draft.forged.keys() & listed):
            at = next(place for place, row in enumerate(rows) if row.number == number)
            rows.insert(at if first else at + 1, Row(number, 1, found.get(number, 0), 0))

    draft.row_edits.append(edit)


def section_in_disorder(draft: Draft, random: Random) -> None:
    seed = random.randrange(10**6)
    draft.row_edits.append(lambda rows, _: Random(seed).shuffle(rows))


def section_overlaps(draft: Draft, random: Random) -> None:
    """Parts that count the same number again, with an entry that leads elsewhere."""
    del random
    forged = sorted(draft.forged)

    def edit(table: bytes) -> bytes:
        return table + b"".join(b"%d 1\n%010d 00000 n \n" % (n, draft.base.section) for n in forged)

    draft.table_edits.append(edit)


def section_frees(draft: Draft, random: Random) -> None:
    """The content is free, so that readers find another."""
    number = random.choice([draft.base.content, draft.base.page, draft.base.root])
    third = random.choice([0, 1, 65535])
    draft.row_edits.append(lambda rows, _: _replace(rows, Row(number, 0, 0, third)))


def section_knows_generations(draft: Draft, random: Random) -> None:
    number = random.choice([draft.base.content, draft.base.page])
    third = random.choice([1, 2, 65535])
    draft.row_edits.append(
        lambda rows, found: _replace(rows, Row(number, 1, found.get(number, 0), third))
    )


def _replace(rows: list[Row], new: Row) -> None:
    rows[:] = [row for row in rows if row.number != new.number]
    rows.append(new)
    rows.sort(key=lambda row: row.number)


def section_past_32_bits(draft: Draft, random: Random) -> None:
    """Offsets that are right when they are cut off at 32 bits, and numbers as well."""
    draft.widths = (1, 8, 2)
    more = random.choice([2**32, 2**31, 2**33])

    def edit(rows: list[Row], found: Found) -> None:
        forged = sorted(draft.forged)
        rows.extend(Row(number, 1, found.get(number, 0) + more, 0) for number in forged)

    draft.row_edits.append(edit)


def section_of_unknown_types(draft: Draft, random: Random) -> None:
    """An entry of type 3 or above, at which some readers give up and search the file."""
    draft.in_streams = True
    kind = random.choice([3, 3, 4, 7, 255])
    seed = random.random()

    def edit(rows: list[Row], found: Found) -> None:
        where = draft.forged if seed < 0.5 else [draft.size - 3]
        rows.extend(Row(number, kind, found.get(number, 0), 0) for number in where)
        rows.sort(key=lambda row: row.number)

    draft.row_edits.append(edit)


def section_of_odd_widths(draft: Draft, random: Random) -> None:
    draft.in_streams = True
    draft.widths = random.choice([(0, 4, 2), (1, 2, 0), (1, 3, 0), (2, 8, 8), (1, 4, 0), (4, 4, 4)])


def section_with_odd_index(draft: Draft, random: Random) -> None:
    draft.in_streams = True
    top = draft.size
    draft.index = random.choice(
        [b"[0 %d]" % top, b"[]", b"[0]", b"[-1 3]", b"[0 1 0 %d]" % top, b"[0 1 1]", b"null"]
    )


def section_unnamed(draft: Draft, random: Random) -> None:
    """A cross-reference stream without /Type, or of another."""
    draft.in_streams = True
    other = random.choice([b"", b"/Type /XRe", b"/Type /ObjStm", b"/Type (XRef)", b"/Type /#58Ref"])
    draft.whole_edits.append(lambda update: update.replace(b"/Type /XRef /W", other + b" /W"))
