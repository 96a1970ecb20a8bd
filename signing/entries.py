"""Entries of dictionaries in an update; whatever is of another form is not allowed there."""

from collections.abc import Mapping, Sequence

from signing.syntax.document import State
from signing.syntax.values import Name, Reference, Value
from signing.verdict import Refused


def dictionary_at(state: State, dictionary: dict[str, Value], name: str) -> dict[str, Value]:
    """The dictionary behind ``name``; an empty one where there is none. Raises ``Refused``."""
    value = state.follow(dictionary.get(name))
    if name not in dictionary:
        return {}
    if not isinstance(value, dict):
        raise Refused("update_after_sealing")
    return value


def list_at(state: State, dictionary: dict[str, Value], name: str) -> list[Value]:
    """The entries of the array behind ``name``; none where it is not there. Raises ``Refused``."""
    if name not in dictionary:
        return []
    value = state.follow(dictionary[name])
    if not isinstance(value, list):
        raise Refused("update_after_sealing")
    return value


def numbers_at(state: State, dictionary: dict[str, Value], name: str) -> list[int]:
    """The numbers in the array behind ``name``, which holds references. Raises ``Refused``."""
    return numbers_of(list_at(state, dictionary, name))


def numbers_of(items: Sequence[Value]) -> list[int]:
    """The numbers of ``items``, which are references of generation 0. Raises ``Refused``."""
    found = [item.number for item in items if isinstance(item, Reference) and not item.generation]
    require_allowed(len(found) == len(items))
    return found


def require_entries(
    dictionary: dict[str, Value],
    allowed: frozenset[str],
    needed: Mapping[str, Name] | None = None,
) -> None:
    """Raise ``Refused`` for an entry that is not allowed, or where a needed one is another name."""
    require_allowed(dictionary.keys() <= allowed)
    for key, name in (needed or {}).items():
        value = dictionary.get(key)
        require_allowed(isinstance(value, Name) and value == name)


def require_allowed(condition: object) -> None:
    """Raise ``Refused`` (update_after_sealing) unless ``condition`` holds."""
    if not condition:
        raise Refused("update_after_sealing")
