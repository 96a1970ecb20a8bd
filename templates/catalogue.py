"""The catalogue: loads a template with its manifest and sample, and checks that they are whole."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas.documents import DocumentKind
from schemas.errors import Misconfigured
from templates.manifest import Manifest, misfits
from templates.word import BrokenWordFile, WordFile

#: the folder with a folder a kind
HOME = Path(__file__).parent
WORD_FILE, MANIFEST, SAMPLE = "template.docx", "manifest.toml", "sample.json"


@dataclass(frozen=True, kw_only=True)
class Template:
    """A kind of document as it stands in the catalogue."""

    kind: DocumentKind
    #: the Word file as it is on disk
    docx: bytes = field(repr=False)
    manifest: Manifest
    #: invented data that fills every variable, ``number`` and ``issued_on`` among them
    sample: Mapping[str, Any] = field(repr=False)


@cache
def load(kind: DocumentKind, home: Path = HOME) -> Template:
    """The template of ``kind``, read once a process.

    Raises Misconfigured that names the file and what to do where one is missing, is not what it
    should be, or the sample does not fit the manifest. What is *in* the Word file is the
    business of ``templates.lint``.
    """
    folder = home / kind.value
    docx = _read(folder / WORD_FILE)
    _check_word_file(docx, folder / WORD_FILE)
    manifest = _manifest(folder / MANIFEST)
    sample = _sample(folder / SAMPLE)
    if wrong := [f"{name} ({what})" for name, what in misfits(manifest, sample)]:
        raise Misconfigured(
            f"{folder / SAMPLE} does not fit {MANIFEST} beside it: {', '.join(wrong)}; "
            "add, remove or mend these names in one of the two"
        )
    return Template(kind=kind, docx=docx, manifest=manifest, sample=sample)


def all_templates(home: Path = HOME) -> tuple[Template, ...]:
    """Every kind's template; raises Misconfigured for the first that is not whole."""
    return tuple(load(kind, home) for kind in DocumentKind)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(
            f"{path} cannot be read ({error.strerror}); put the template's file there"
        ) from error


def _check_word_file(docx: bytes, path: Path) -> None:
    try:
        WordFile.read(docx)
    except BrokenWordFile as error:
        raise Misconfigured(
            f"{path} is no Word file ({error}); save it again from Word or WPS as .docx"
        ) from error


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(tomllib.loads(_read(path).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} is not TOML in UTF-8: {error}; mend that line") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise Misconfigured(f"{path} is not a manifest: {faults}") from error


def _sample(path: Path) -> Mapping[str, Any]:
    try:
        sample = json.loads(_read(path))
    except ValueError as error:
        raise Misconfigured(f"{path} is not JSON in UTF-8: {error}; mend that line") from error
    if not isinstance(sample, dict):
        raise Misconfigured(f"{path} must hold one JSON object with the template's data")
    return sample
