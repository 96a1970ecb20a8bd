"""Things added where an archive adds other things: in its objects, spelled as it spells them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Change,
    Make,
    dictionary,
    drawing,
    name,
    updated,
    variants,
)
from tests.building.letters import letter, raised_letter
from tests.building.levels import LATER
from tests.building.stamping import QuietWriter, revocation_list, stamped, stamper, with_data

_Writer = IncrementalPdfFileWriter
_SCRIPT = dictionary(S="/JavaScript", JS="app.alert(1)")
_PACKET = b"</rdf:Description>"


def _in_store(**entries: Any) -> Change:
    def change(writer: _Writer) -> None:
        writer.root["/DSS"].update(dictionary(**entries))
        writer.update_container(writer.root["/DSS"])

    return change


def _in_index(**entries: Any) -> Change:
    certificates = [dictionary(**{"A" * 40: dictionary(**entries)})]
    return _in_store(VRI=certificates[0])


def _in_field(**entries: Any) -> Make:
    """A stamp whose field has these entries too."""

    class Writer(QuietWriter):
        def add_object(self, obj: Any, *others: Any, **more: Any) -> Any:
            if isinstance(obj, generic.DictionaryObject) and obj.get("/FT") == "/Sig":
                obj.update(dictionary(**entries))
            return super().add_object(obj, *others, **more)

    def make() -> bytes:
        writer = Writer(BytesIO(letter()), strict=False)
        output = PdfTimeStamper(stamper("ours", LATER)).timestamp_pdf(
            writer, "sha256", output=BytesIO()
        )
        content: bytes = output.getvalue()
        return content

    return make


def _extended(**entries: Any) -> Change:
    def change(writer: _Writer) -> None:
        writer.root["/Extensions"][name("/HIDE")] = dictionary(**entries)
        writer.update_root()

    return change


def _described(change: Callable[[bytes], bytes]) -> Change:
    """The XMP packet written anew."""

    def work(writer: _Writer) -> None:
        old = writer.root["/Metadata"]
        stream = generic.StreamObject(
            dictionary(Type="/Metadata", Subtype="/XML"), stream_data=change(old.data)
        )
        writer.root[name("/Metadata")] = writer.add_object(stream)
        writer.update_root()

    return work


def _description_with(**entries: Any) -> Change:
    """The same packet in a stream that is more than a packet."""

    def work(writer: _Writer) -> None:
        stream = generic.StreamObject(
            dictionary(Type="/Metadata", Subtype="/XML", **entries),
            stream_data=writer.root["/Metadata"].data,
        )
        writer.root[name("/Metadata")] = writer.add_object(stream)
        writer.update_root()

    return work


def _informed(**entries: Any) -> Change:
    def change(writer: _Writer) -> None:
        old = writer.prev.trailer["/Info"]
        kept = {key: old.raw_get(key) for key in old}
        writer.set_info(
            writer.add_object(generic.DictionaryObject(kept | dict(dictionary(**entries))))
        )

    return change


def _behind_description(text: bytes) -> Change:
    return _described(lambda packet: packet.replace(_PACKET, _PACKET + text, 1))


_CHANGES: dict[str, Change] = {
    "a store of another type": _in_store(Type="/Action"),
    "a store with a text for its type": _in_store(Type="PAY 999,999.00"),
    "an index of another type": _in_index(Type="/Page"),
    "a text in an index": _in_index(TU="PAY 999,999.00"),
    "a text as an extension": _extended(BaseVersion="PAY 999,999.00"),
    "an action as an extension": _extended(BaseVersion="/1.7", ExtensionLevel=1, JS="app.alert(1)"),
    "an element beside the description": _behind_description(b"<x>PAY 999,999.00</x>"),
    "text beside the description": _behind_description(b"PAY 999,999.00"),
    "a remark in the packet": _behind_description(b"<!-- PAY 999,999.00 -->"),
    "an instruction in the packet": _behind_description(b"<?pay 999,999.00?>"),
    "another language": _described(lambda packet: packet.replace(b"x-default", b"x-other")),
    "another resource": _described(
        lambda packet: packet.replace(b'rdf:about=""', b'rdf:about="x"')
    ),
    "a packet from elsewhere": _description_with(F="http://192.0.2.1/"),
    "a script in the packet's stream": _description_with(JS="app.alert(1)"),
    "pages in the packet's stream": _description_with(Pages=[]),
    "a title in the information": _informed(Title="PAY 999,999.00"),
    "a producer that turns the line about": _informed(Producer="\u202e000,999 YAP"),
}


_FIELDS: dict[str, Make] = {
    "a field of another type": _in_field(Type="/Page"),
    "a field of another subtype": _in_field(Subtype="/FreeText"),
    "a name that turns the line about": _in_field(T="\u202e000,999 YAP"),
    "a long name for a field": _in_field(T="x" * 5000),
    "flags that nobody knows": _in_field(F=1 << 20),
    "an action of a field": _in_field(A=_SCRIPT),
    "a field that is seen": _in_field(Rect=[0, 0, 9, 9]),
    "a page that is none": _in_field(P=9),
}


def _data_with(**entries: Any) -> Change:
    """A stream of validation data with more entries than one has."""

    def work(writer: _Writer) -> None:
        old = writer.root["/DSS"]["/Certs"][0]
        stream = generic.StreamObject(dictionary(**entries), stream_data=old.data)
        writer.root["/DSS"]["/Certs"].append(writer.add_object(stream))
        writer.update_container(writer.root["/DSS"])

    return work


_CHANGES |= {
    "data from elsewhere": _data_with(F="http://192.0.2.1/"),
    "a script in data": _data_with(JS="app.alert(1)"),
}


def _drawn_by_data(writer: _Writer) -> None:
    writer.root["/DSS"]["/Certs"].append(drawing(writer, WHITE))
    writer.update_container(writer.root["/DSS"])


def _stamped(change: Change) -> Make:
    return lambda: stamped(updated(raised_letter(), change), at=LATER + timedelta(days=1))


def _younger() -> bytes:
    """Lists that were made after the only stamp that covers them."""
    made = LATER + timedelta(days=2)
    return stamped(with_data(letter(), lists=(revocation_list(at=made),)), at=LATER)


def _made() -> Iterator[tuple[str, Make]]:
    for what, change in _CHANGES.items():
        yield what, _stamped(change)
    yield from _FIELDS.items()
    yield "a drawing as data", _stamped(_drawn_by_data)
    yield "a list younger than its stamp", _younger


def archival() -> Iterator[tuple[str, bytes]]:
    """The same by archives that keep to the form: each is genuine."""
    changes = {
        "a store": _in_store(Type="/DSS"),
        "an index": _in_index(Type="/VRI", TU="D:20270101000000Z"),
        "an extension": _extended(BaseVersion="/1.7", ExtensionLevel=1),
        "a packet written anew": _described(lambda packet: packet),
        "a producer": _informed(Producer="a program", ModDate="D:20270101000000Z"),
        "a certificate": _data_with(),
    }
    for what, change in changes.items():
        yield what, _stamped(change)()
    yield "a field", _in_field(TU="Time stamp", F=132)()
    yield (
        "a list as old as its stamp",
        stamped(with_data(letter(), lists=(revocation_list(at=LATER),)), at=LATER),
    )


def attacks() -> Iterator[Attack]:
    yield from variants(
        "addition without a place",
        _made(),
        *("update_after_sealing", "evidence_too_young", "signatures_unaccounted"),
    )
