"""The agency's registered seal (备案印模), from PDF, SVG or PNG, drawn instead of the arc."""

import json
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from schemas.configuration import Agency
from schemas.confinement import Bounds, confined
from schemas.errors import Misconfigured
from signing.drawable import Drawable, Raster, RegisteredSeal
from signing.fonts import FontFile
from signing.keyfiles import read
from signing.seal import MM, Seal

_SETTING = "agencies.seal.image_file"
#: bytes of the file; a scan at 1200 dots an inch has a few million
_MOST_BYTES = 32 * 1024 * 1024
#: a seal is read in a second, and in a tenth of this memory
_BOUNDS = Bounds(memory=768 * 1024 * 1024, seconds=10)


def seal_of(agency: Agency, fonts: Sequence[FontFile]) -> Drawable:
    """The agency's seal: its registered one, else made from its name. Raises ``Misconfigured``."""
    if agency.seal.image_file is None:
        return Seal.of(agency, fonts)
    return registered_seal(Path(agency.seal.image_file), diameter_mm=agency.seal.diameter_mm)


def registered_seal(file: Path, *, diameter_mm: float, bounds: Bounds = _BOUNDS) -> RegisteredSeal:
    """The seal in ``file``, its longer side ``diameter_mm`` long. Raises ``Misconfigured``.

    It is read in a process of its own, ``signing.seal_reader``, within ``bounds``.
    """
    content = read(file, _SETTING)
    if len(content) > _MOST_BYTES:
        raise Misconfigured(
            f"{_SETTING} {file} 有 {len(content)} 字节；最多读取 {_MOST_BYTES}",
            f"{_SETTING} {file} has {len(content)} bytes; {_MOST_BYTES} is the most that is read",
        )
    diameter = diameter_mm * MM
    answer = confined("signing.seal_reader", content, str(diameter), bounds=bounds)
    if answer is None:
        raise Misconfigured(
            f"{_SETTING} {file} 在 {bounds.seconds} 秒、"
            f"{bounds.memory // 1024**2} MiB 之内未能读完；请给简单些的文"
            "件",
            f"{_SETTING} {file} could not be read within {bounds.seconds} seconds and"
            f" {bounds.memory // 1024**2} MiB; give a simpler file",
        )
    found = json.loads(answer)
    if "fault" in found:
        raise Misconfigured(
            f"{_SETTING} {file} {found['fault']}", f"{_SETTING} {file} {found['fault']}"
        )
    return RegisteredSeal(
        diameter=diameter,
        drawing=b64decode(found["drawing"]),
        raster=_raster(found["raster"]) if found["raster"] else None,
    )


def _raster(found: dict[str, str | int]) -> Raster:
    return Raster(
        width=int(found["width"]),
        height=int(found["height"]),
        palette=b64decode(str(found["palette"])),
        pixels=b64decode(str(found["pixels"])),
    )
