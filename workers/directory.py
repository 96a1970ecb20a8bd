"""Agencies, banks and sources, read from their file."""

from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from schemas.configuration import Agency, Directory
from schemas.documents import NUMBERED, Issuer
from schemas.errors import Misconfigured
from workers.permission import OPERATOR
from workers.toml_file import read_toml


def load_directory(file: Path | None) -> Directory:
    """The directory in ``file``, the demo's where it is None.

    Raises ``Misconfigured`` that names the file and every wrong, missing or unknown name in it.
    """
    name = str(file) if file else "config/demo.toml"
    try:
        source = file or resources.files("config") / "demo.toml"
        found = Directory.model_validate(read_toml(source, "HANYIN_DIRECTORY_FILE"))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"
            for entry in error.errors()
        )
        raise Misconfigured(f"{name}: {faults}") from None
    _check(found, name)
    return found


def require_users(directory: Directory) -> None:
    """Raise ``Misconfigured`` where a source says neither ``user`` nor ``anonymous``.

    On RabbitMQ alone: there any system's user could speak for that source's agencies.
    """
    unguarded = directory.unguarded()
    if unguarded:
        raise Misconfigured(
            "; ".join(
                f"source {source.source} ({source.slug}) names no user, so any RabbitMQ user could"
                " speak for its agencies: set user to the one that publishes for it, or"
                " anonymous = true"
                for source in unguarded
            )
        )


def _check(directory: Directory, name: str) -> None:
    faults = [
        *_twice("agency", [agency.code for agency in directory.agencies]),
        *_twice("bank", [bank.name for bank in directory.banks]),
        *_twice("bank code", [code for bank in directory.banks for code in bank.codes]),
        *_twice("source", [source.source for source in directory.sources]),
        *_twice("source slug", [source.slug for source in directory.sources]),
    ]
    known = {agency.code for agency in directory.agencies}
    faults += [
        f"source {source.source} names the unknown agency {code}"
        for source in directory.sources
        for code in source.agencies
        if code not in known
    ]
    faults += [
        f"agency {agency.code} has no key (seal.key_file, pkcs11 or remote) and is not a demo"
        for agency in directory.agencies
        if not agency.demo and not agency.seal.has_key
    ]
    faults += [fault for agency in directory.agencies for fault in _series_faults(agency)]
    faults += [
        f"agency {agency.code}: approval names {kind.value}, which has no number"
        for agency in directory.agencies
        if agency.approval != "all"
        for kind in sorted(agency.approval - NUMBERED)
    ]
    faults += [
        f"source {source.source} is the program's own; name another"
        for source in directory.sources
        if source.source.startswith(OPERATOR)
    ]
    if faults:
        raise Misconfigured(f"{name}: {'; '.join(faults)}")


def _series_faults(agency: Agency) -> list[str]:
    """A body draws from a series of its own: two who draw from one would share its numbers."""
    own = {agency.series_of(kind) for kind in NUMBERED}
    bodies = [body for issuer in Issuer if (body := agency.body_of(issuer)) is not None]
    taken = [*own, *(body.series for body in bodies)]
    return [
        f"agency {agency.code}: the series {body.series} of {body.name} is not its own alone"
        for body in bodies
        if taken.count(body.series) > 1
    ]


def _twice(what: str, values: list[str]) -> list[str]:
    return [
        f"{what} {value} stands twice" for value in sorted(set(values)) if values.count(value) > 1
    ]
