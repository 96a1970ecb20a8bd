"""Spellings that one reader may read otherwise than another: each changes a draft in one way."""

from collections.abc import Callable
from random import Random

from tests.building.forging import objects, packing, sections, trailers
from tests.building.forging.draft import Draft

Trick = Callable[[Draft, Random], None]

#: a token changed somewhere has the most to try
TRICKS: tuple[Trick, ...] = (
    trailers.trailer_ends_early,
    trailers.trailer_names_twice,
    trailers.trailer_without_root,
    trailers.trailer_with_another_root,
    trailers.trailer_leads_back_oddly,
    trailers.trailer_is_small,
    trailers.trailer_of_two_kinds,
    sections.section_names_the_forged,
    sections.section_names_it_twice,
    sections.section_in_disorder,
    sections.section_overlaps,
    sections.section_frees,
    sections.section_knows_generations,
    sections.section_past_32_bits,
    sections.section_of_unknown_types,
    sections.section_of_odd_widths,
    sections.section_with_odd_index,
    sections.section_unnamed,
    trailers.startxref_odd,
    trailers.startxref_elsewhere,
    trailers.startxref_twice,
    trailers.end_odd,
    objects.dictionary_ends_early,
    objects.key_twice,
    objects.space_is_odd,
    objects.reference_is_odd,
    objects.head_is_odd,
    objects.tail_is_odd,
    objects.junk_between,
    objects.line_ends_are_returns,
    objects.stream_is_odd,
    packing.packed,
    packing.packed_twice,
    objects.token_changed,
    objects.token_changed,
    objects.token_changed,
    objects.active,
    objects.annotation,
    objects.linearized,
    objects.string_is_odd,
)
