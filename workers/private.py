"""Whether what must stay private is: the files of the home, keys, and what opens keys."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from schemas.configuration import Directory, SealSettings
from schemas.documents import Issuer
from workers.settings import Settings

#: permissions of anybody but the owner
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(settings: Settings, directory: Directory) -> list[Path]:
    """The files that somebody beside their owner may read or write; [] where all are private.

    In a home that nobody else may enter, every file is. What is not there is passed over.
    """
    secrets = [Path(name) for name in _secret_files(settings, directory)]
    inside = _files(settings.home) if _is_open(settings.home) else ()
    return sorted({path for path in (*secrets, *inside) if _is_open(path)})


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def _secret_files(settings: Settings, directory: Directory) -> Iterator[str]:
    if settings.storage_secret_key_file is not None:
        yield str(settings.storage_secret_key_file)
    if settings.alarm_secret_file is not None:
        yield str(settings.alarm_secret_file)
    for agency in directory.agencies:
        for issuer in filter(agency.writes_as, Issuer):
            names = _of_seal(agency.sealing_as(issuer).seal)
            yield from (name for name in names if name is not None)


def _of_seal(seal: SealSettings) -> Iterator[str | None]:
    yield from (seal.key_file, seal.key_passphrase_file)
    yield seal.pkcs11.pin_file if seal.pkcs11 else None
    yield seal.remote.token_file if seal.remote else None
    yield from (server.password_file for server in seal.time_stamp_servers)
