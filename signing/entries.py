"""Entries of dictionaries in an update; whatever is of another form is not allowed there."""

from collections.abc import Sequence

from pyhanko.pdf_utils import generic

from signing.verdict import Refused


def dictionary_at(dictionary: generic.DictionaryObject, name: str) -> generic.DictionaryObject:
    """The dictionary behind ``name``; an empty one where there is none. Else ``Refused``."""
    if name not in dictionary:
        return generic.DictionaryObject()
    # not ``get``, which does not follow references
    value: generic.DictionaryObject = dictionary[name]
    demand_allowed(isinstance(value, generic.DictionaryObject))
    return value


def list_at(dictionary: generic.DictionaryObject, name: str) -> list[generic.PdfObject]:
    """The entries of the array behind ``name``; none where it is not there. Else ``Refused``."""
    if name not in dictionary:
        return []
    value = dictionary[name]
    demand_allowed(isinstance(value, generic.ArrayObject))
    return [value.raw_get(place) for place in range(len(value))]


def numbers_at(dictionary: generic.DictionaryObject, name: str) -> list[int]:
    """The numbers in the array behind ``name``, which holds references alone; else ``Refused``."""
    return numbers_of(list_at(dictionary, name))


def numbers_of(items: Sequence[generic.PdfObject]) -> list[int]:
    """The numbers of ``items``, which are references of generation 0; else ``Refused``."""
    found = [item for item in items if isinstance(item, generic.IndirectObject)]
    demand_allowed(len(found) == len(items) and all(item.generation == 0 for item in found))
    return [item.idnum for item in found]


def demand_allowed(condition: object) -> None:
    """Nothing, where ``condition`` holds; else ``Refused`` (update_after_sealing)."""
    if not condition:
        raise Refused("update_after_sealing")
