"""Objects that one reader may read otherwise than another, and such as have no place there."""

import re
import zlib
from random import Random

from tests.building.forging.draft import RIGHT, Draft, Item
from tests.building.forging.payload import with_tree

#: what some readers take for white space, and others not
ODD_SPACES = (b"\x0b", b"\xa0", b"\0", b"\x0c", b"%x\n", b"\x85", b"\xe2\x80\x89", b"")


def dictionary_ends_early(draft: Draft, random: Random) -> None:
    """Catalogue, page or field ended by one ``>``, with forged entries behind it."""
    base = draft.base
    number = random.choice([base.root, base.page, base.form])
    value = draft.own(number)
    if number == base.root:
        more = with_tree(base)[2:]
    else:
        more = b" /Contents %d 0 R /Fields [] >>" % (base.size + 11)
    draft.put(number, value[:-2] + b">" + more)


def key_twice(draft: Draft, random: Random) -> None:
    """The page tree, the content or the type named again, perhaps with an escape."""
    base = draft.base
    tree, other = base.size + 12, base.size + 11
    number, entry = random.choice(
        [
            (base.root, b"/Pages %d 0 R" % tree),
            (base.root, b"/#50ages %d 0 R" % tree),
            (base.page, b"/Contents %d 0 R" % other),
            (base.page, b"/Cont#65nts %d 0 R" % other),
            (base.page, b"/Parent %d 0 R" % tree),
            (base.form, b"/Fields []"),
            (base.page, b"/MediaBox [0 0 99 99]"),
            (base.page, b"/Resources << >>"),
            (base.page, b"/Contents %d 0 R" % base.form),
            (base.page, b"/Contents []"),
        ]
    )
    value = draft.own(number)
    if random.random() < 0.5:
        draft.put(number, value[:-2] + b" " + entry + b" >>")
    else:
        draft.put(number, b"<< " + entry + b" " + value[2:])


def space_is_odd(draft: Draft, random: Random) -> None:
    """In the reference to the page tree or the content: ``2<VT>0 R``."""
    base, space = draft.base, random.choice(ODD_SPACES)
    number, target = random.choice([(base.root, base.pages), (base.page, base.pages)])
    value = draft.own(number)
    odd = random.choice(
        [b"%d%s0 R" % (target, space), b"%d 0%sR" % (target, space), b"%s%d 0 R" % (space, target)]
    )
    draft.put(number, value.replace(b"%d 0 R" % target, odd, 1))


def reference_is_odd(draft: Draft, random: Random) -> None:
    """With leading zeros, signs, past 32 bits, or of another generation."""
    base = draft.base
    number, target = random.choice([(base.root, base.pages), (base.page, base.pages)])
    odd = random.choice([b"0%d 0 R", b"+%d 0 R", b"%d 00 R", b"%d 1 R", b"%d 0 r", b"%d 0 R0"])
    value = odd % target if random.random() < 0.7 else b"%d 0 R" % (target + 2**32)
    draft.put(number, draft.own(number).replace(b"%d 0 R" % target, value, 1))


def head_is_odd(draft: Draft, random: Random) -> None:
    item = random.choice(draft.items)
    item.head = random.choice(
        [
            b"0%d 0 obj\n",
            b"+%d 0 obj\n",
            b"%d 1 obj\n",
            b"%d 00 obj\n",
            b"%d\x0b0 obj\n",
            b"%d 0 obj",
            b"%d 0 obj%%x\n",
            b"%d 0  obj\n",
            b"%d 0\nobj\n",
            b"x%d 0 obj\n",
        ]
    )


def tail_is_odd(draft: Draft, random: Random) -> None:
    item = random.choice(draft.items)
    content = b" (junk) ", b" << /Pages 1 0 R >> ", b" 5 0 R ", b"\nendobj\n", b"\n%%EOF\n"
    item.tail = random.choice(
        [b"\nendobj endobj\n", b"\n", b"endobj\n", b"\nENDOBJ\n"]
        + [more + b"\nendobj\n" for more in content]
        + [b"\nendobj\n" + more.strip() + b"\n" for more in content]
    )


def junk_between(draft: Draft, random: Random) -> None:
    draft.items[random.randrange(len(draft.items))].before = random.choice(
        [
            b"% a remark\n",
            b"\0\0",
            b"\x0b",
            b"null ",
            b"xref\n0 0\n",
            b"trailer\n<< >>\n",
            b"endstream\n",
            b"startxref\n0\n%%EOF\n",
        ]
    )


def line_ends_are_returns(draft: Draft, random: Random) -> None:
    """Of the objects, or of everything."""
    if random.random() < 0.5:
        for item in draft.items:
            item.value = item.value.replace(b"\n", b"\r")
            item.tail = b"\rendobj\r"
    else:
        draft.table_edits.append(lambda table: table.replace(b" \n", b"\r\r"))


def stream_is_odd(draft: Draft, random: Random) -> None:
    """A certificate whose length or filter one reader passes over."""
    base, number = draft.base, draft.size - 3
    data = b"\x30\x03\x02\x01\x05"
    filters = [
        b"/Filter /Fl",
        b"/Filter [/Crypt /FlateDecode]",
        b"/F /FlateDecode",
        b"/Filter /ASCIIHexDecode",
        b"/Filter /FlateDecode /DecodeParms << /Predictor 15 >>",
        b"/F (other)",
        b"/FFilter /Fl",
        b"/Filter [/FlateDecode /FlateDecode]",
        b"",
    ]
    spelled = random.choice(filters)
    content = zlib.compress(data) if b"Fl" in spelled else data
    length = random.choice(
        [
            b"%d" % len(content),
            b"0",
            b"%d" % (len(content) + 30),
            b"%d 0 R" % base.content,
            b"-1",
            b"%d.0" % len(content),
            b"%d" % (len(content) + 2**32),
        ]
    )
    end = random.choice([b"\nendstream", b"endstream", b"\nendstream endstream", b"\n endstream"])
    start = random.choice([b"\nstream\n", b"\nstream\r\n", b"\nstream\r", b"\nstream \n"])
    value = b"<< /Length %s %s >>%s%s%s" % (length, spelled, start, content, end)
    if (
        all(item.number != number for item in draft.items)
        and b"/DSS" not in base.objects[base.root]
    ):
        draft.items.append(Item(number, value))
        own = draft.own(base.root)
        draft.put(base.root, own[:-2] + b" /DSS << /Certs [%d 0 R] >> >>" % number)


def active(draft: Draft, random: Random) -> None:
    """An action, a script, a layer or a name in the catalogue or on the page."""
    base = draft.base
    number = random.choice([base.root, base.page, base.form, base.size, base.size + 1])
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    entry = random.choice(
        [
            b"/OpenAction " + script,
            b"/AA << /O " + script + b" >>",
            b"/Names << /JavaScript 1 0 R >>",
            b"/A " + script,
            b"/Metadata %d 0 R" % base.content,
            b"/NeedAppearances true",
            b"/XFA (x)",
            b"/Rotate 90",
            b"/UserUnit 2",
            b"/MediaBox [0 0 1 1]",
            b"/AP << /N %d 0 R >>" % base.content,
            b"/Extensions << /X (y) >>",
            b"/OCProperties << /D << /OFF [] >> >>",
            b"/Version /2.0",
        ]
    )
    draft.put(number, draft.own(number)[:-2] + b" " + entry + b" >>")


def annotation(draft: Draft, random: Random) -> None:
    """One more note on the page, or a field that shows something."""
    base = draft.base
    number, look = base.size + 11, random.choice([b"/AP << /N %d 0 R >>", b"/X %d 0 R"])
    subtype = random.choice([b"/FreeText", b"/Widget /FT /Tx", b"/Stamp", b"/Widget /FT /Sig"])
    note = b"<< /Type /Annot /Subtype %s /T (x) /Rect [50 500 500 800] /Contents (PAY) %s >>" % (
        subtype,
        look % (base.size + 12),
    )
    entries = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Length 27 >>"
    form = entries + b"\nstream\n1 0 0 rg 0 0 500 500 re f \nendstream"
    draft.items += [Item(number, note), Item(base.size + 12, form)]
    page = draft.own(base.page)
    start = page.index(b"]", page.index(b"/Annots"))
    draft.put(base.page, page[:start] + b" %d 0 R " % number + page[start:])


def linearized(draft: Draft, random: Random) -> None:
    del random
    entries = b"<< /Linearized 1 /L %d /H [0 0] /O %d /E %d /N 1 /T %d >>"
    base = draft.base
    draft.items.insert(
        0, Item(draft.size - 3, entries % (len(base.pdf), base.page, len(base.pdf), base.section))
    )


def string_is_odd(draft: Draft, random: Random) -> None:
    """In the field's name: nested, with line ends, escapes that readers differ on."""
    text = random.choice(
        [b"(a(b)c)", b"(a\\\nb)", b"(a\rb)", b"(\\8)", b"(\\)", b"(()", b"<0 1>", b"<0g>"]
    )
    field = draft.own(draft.base.size)
    draft.put(draft.base.size, field.replace(b"(Later)", text))


#: what is put in a token's place
_TOKENS = (
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1.5",
    b"4294967296",
    b"(x)",
    b"<00>",
    b"/X",
    b"[",
    b"]",
    b"<<",
    b">>",
    b">",
    b"<",
    b"1 0 R",
    b"R",
    b"obj",
    b"endobj",
    b"stream",
    b"endstream",
    b"xref",
    b"%",
    b"\\",
    b"{",
    b"}",
    b")",
    b"(",
    b"",
    b"+1",
    b"1e1",
    b"--1",
    b"1.",
    b".5",
    b"#",
    b"/",
    b"//",
)
_TOKEN = re.compile(rb"<<|>>|[\[\]]|/?[^\s<>\[\]/()]+|\([^)]*\)")


def token_changed(draft: Draft, random: Random) -> None:
    """One token of an object or of the trailer exchanged, left out, doubled or moved."""
    values = [item for item in draft.items if b"stream" not in item.value]
    place = random.randrange(len(values) + len(draft.trailer))
    if place < len(values):
        values[place].value = _with_another_token(values[place].value, random)
        return
    name, value = draft.trailer[place - len(values)]
    if value != RIGHT:
        draft.trailer[place - len(values)] = (name, _with_another_token(value, random))


def _with_another_token(value: bytes, random: Random) -> bytes:
    tokens = [found.span() for found in _TOKEN.finditer(value) if found.end() - found.start() < 200]
    start, end = random.choice(tokens)
    token, odd = value[start:end], random.choice(_TOKENS)
    new = random.choice(
        [odd, odd, b"", token + b" " + token, odd + b" " + token, token + b" " + odd]
    )
    space = random.choice([b"", b"", b"", *ODD_SPACES])
    return value[:start] + space + new + value[end:]
