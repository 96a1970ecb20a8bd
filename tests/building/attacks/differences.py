"""Updates that readers read otherwise than one another; each closed by a trusted time stamp.

What is forged shows "PAY 999,999.00"; it stands where one reader looks, and another does not.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from random import Random

from tests.building.attacks.attack import Attack, Make, variants
from tests.building.forging import hiding, objects, packing, payload, sections, trailers
from tests.building.forging.base import Base, base_of
from tests.building.forging.draft import stamping_draft
from tests.building.forging.hiding import Hiding
from tests.building.forging.tricks import Trick
from tests.building.letters import letter, raised_letter

_TOLD = ("pdf_malformed", "bytes_unaccounted", "update_after_sealing", "signatures_unaccounted")

_Payload = Callable[[Base], dict[int, bytes]]
_BEHIND, _CERTIFICATE = hiding.behind_the_trailer, hiding.in_a_certificate

#: what was done: what is forged, the spelling, and where the forged objects are
_DONE: dict[str, tuple[_Payload, Trick, Hiding]] = {
    "a trailer ended early": (payload.root, trailers.trailer_ends_early, _BEHIND),
    "a trailer ended early, objects in a certificate": (
        payload.root,
        trailers.trailer_ends_early,
        _CERTIFICATE,
    ),
    "a catalogue twice in a table": (payload.catalogue, sections.section_names_it_twice, _BEHIND),
    "page and content twice in a table": (
        payload.borrowed,
        sections.section_names_it_twice,
        _BEHIND,
    ),
    "a trailer without its catalogue": (payload.root, trailers.trailer_without_root, _BEHIND),
    "a trailer with another catalogue": (payload.root, trailers.trailer_with_another_root, _BEHIND),
    "a trailer that names twice": (payload.root, trailers.trailer_names_twice, _CERTIFICATE),
    "a trailer that leads elsewhere": (
        payload.root,
        trailers.trailer_leads_back_oddly,
        hiding.in_a_string,
    ),
    "a trailer with a second section": (payload.page, trailers.trailer_of_two_kinds, _CERTIFICATE),
    "a dictionary ended early": (payload.root, objects.dictionary_ends_early, _CERTIFICATE),
    "a key twice": (payload.root, objects.key_twice, _CERTIFICATE),
    "a space that is none": (payload.root, objects.space_is_odd, _CERTIFICATE),
    "an entry of an unknown type": (
        payload.root,
        sections.section_of_unknown_types,
        _CERTIFICATE,
    ),
    "an entry that leads elsewhere": (payload.page, sections.section_names_the_forged, _BEHIND),
    "an entry past 32 bits": (payload.page, sections.section_past_32_bits, _CERTIFICATE),
    "an entry of another generation": (
        payload.page,
        sections.section_knows_generations,
        _CERTIFICATE,
    ),
    "an object freed": (payload.content, sections.section_frees, _CERTIFICATE),
    "a number twice in an object stream": (
        payload.page,
        packing.packed_twice,
        hiding.in_a_certificate_without_ends,
    ),
    "objects behind a stream's length": (
        payload.root,
        trailers.trailer_without_root,
        hiding.behind_a_length,
    ),
    "objects behind all others": (payload.root, objects.linearized, hiding.behind_all_objects),
    "objects that no section names": (payload.page, objects.linearized, hiding.unlisted),
    "objects in remarks": (payload.page, objects.linearized, hiding.in_remarks),
    "two ends": (payload.page, trailers.startxref_twice, _CERTIFICATE),
}
#: of each so many, by seeds; and on a letter that the archive raised
_EACH = 3
_RAISED = ("a trailer ended early", "a trailer without its catalogue", "an object freed")


@cache
def _base(*, raised: bool) -> Base:
    return base_of(raised_letter() if raised else letter())


def _made(what: str, seed: int, *, raised: bool) -> bytes:
    forge, trick, hide = _DONE[what]
    random, base = Random(seed), _base(raised=raised)
    draft = stamping_draft(base)
    draft.forged = forge(base)
    trick(draft, random)
    hide(draft, random)
    return draft.written()


def _makes() -> Iterator[tuple[str, Make]]:
    for what in _DONE:
        for seed in range(_EACH):
            yield f"{what}, {seed + 1}", partial(_made, what, seed, raised=False)
    for what in _RAISED:
        yield f"{what}, in a rendition", partial(_made, what, 0, raised=True)


def untouched() -> dict[str, bytes]:
    """The letters with a stamp spelled as all of these are, and nothing forged."""
    return {
        "a letter": stamping_draft(_base(raised=False)).written(),
        "a rendition": stamping_draft(_base(raised=True)).written(),
    }


def attacks() -> Iterator[Attack]:
    yield from variants("read differently", _makes(), *_TOLD)
