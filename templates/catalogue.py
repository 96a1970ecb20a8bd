"""The catalogue: loads a template with its manifest and sample, and checks that they are whole."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Any

from pydantic import ValidationError

from schemas.documents import DocumentKind
from schemas.errors import Misconfigured
from schemas.file_faults import json_place, os_words, toml_place
from schemas.model_faults import faults_of
from schemas.sentence import Sentence
from templates.manifest import Manifest, misfits
from templates.word import BrokenWordFile, WordFile

#: the folder with a folder a kind
HOME = Path(__file__).parent
WORD_FILE, MANIFEST, SAMPLE = "template.docx", "manifest.toml", "sample.json"
#: bytes of the largest file that is read; a template has some ten thousand
_MOST_BYTES = 32 * 1024 * 1024


class BrokenTemplate(Misconfigured):
    """A template's folder is not whole; ``rule`` and ``subject`` are those of a finding of lint."""

    def __init__(self, rule: str, subject: str, zh: str, en: str) -> None:
        self.rule = rule
        self.subject = subject
        super().__init__(zh, en)


@dataclass(frozen=True, kw_only=True)
class Template:
    """A kind of document as it stands in the catalogue."""

    kind: DocumentKind
    #: the Word file as it is on disk
    docx: bytes = field(repr=False)
    manifest: Manifest
    #: invented data that fills every variable, ``number`` and ``issued_on`` among them
    sample: Mapping[str, Any] = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """The digest of the Word file, lower-case hex: what ``sha256sum`` prints of it."""
        return hashlib.sha256(self.docx).hexdigest()


@cache
def load(kind: DocumentKind, home: Path = HOME) -> Template:
    """The template of ``kind``, read once a process.

    Raises Misconfigured that names the file and what to do where one is missing, is not what it
    should be, or the sample does not fit the manifest. What is *in* the Word file is the
    business of ``templates.lint``.
    """
    return read_template(kind, home / kind.value)


def read_template(kind: DocumentKind, folder: Path, *, over: Template | None = None) -> Template:
    """The template in ``folder``, of which manifest and sample may lack where it is ``over`` one.

    Then the other's hold; of its sample what the manifest names. Raises ``BrokenTemplate``.
    """
    docx = _read(folder / WORD_FILE)
    _check_word_file(docx, folder / WORD_FILE)
    if over is None or (folder / MANIFEST).exists():
        manifest = _manifest(folder / MANIFEST)
    else:
        manifest = over.manifest
    if over is None or (folder / SAMPLE).exists():
        sample = _sample(folder / SAMPLE)
    else:
        names = {variable.name for variable in manifest.variables}
        sample = {name: value for name, value in over.sample.items() if name in names}
    if wrong := [f"{name} ({what})" for name, what in misfits(manifest, sample)]:
        raise BrokenTemplate(
            "sample_misfit",
            ", ".join(wrong),
            f"{folder / SAMPLE} 与旁边的 {MANIFEST} 不符：{', '.join(wrong)}"
            "；请在两者之一中增、删、改这些名称",
            f"{folder / SAMPLE} does not fit {MANIFEST} beside it: {', '.join(wrong)}; "
            "add, remove or mend these names in one of the two",
        )
    return Template(kind=kind, docx=docx, manifest=manifest, sample=sample)


def _read(path: Path) -> bytes:
    try:
        found = path.stat()
        if S_ISREG(found.st_mode) and found.st_size <= _MOST_BYTES:
            return path.read_bytes()
        reason = Sentence("不是文件，或超过 32 MB", "it is no file, or larger than 32 MB")
    except OSError as error:
        reason = os_words(error)
    raise BrokenTemplate(
        "file_unreadable",
        path.name,
        f"{path} 无法读取（{reason.zh}）；请把模板的文件放在那里",
        f"{path} cannot be read ({reason.en}); put the template's file there",
    )


def _check_word_file(docx: bytes, path: Path) -> None:
    try:
        WordFile.read(docx)
    except BrokenWordFile as error:
        raise BrokenTemplate(
            "no_word_file",
            str(error),
            f"{path} 不是 Word 文件（{error.sentence.zh}）；请用 Word 或 WPS 重新另存为 .docx",
            f"{path} is no Word file ({error.sentence.en}); save it again from Word or WPS"
            " as .docx",
        ) from error


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(tomllib.loads(_read(path).decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenTemplate(
            "manifest_broken",
            str(error),
            f"{path} 不是 UTF-8 的 TOML（{toml_place(error).zh}）；请改正",
            f"{path} is not TOML in UTF-8: {toml_place(error).en}; mend that line",
        ) from error
    except ValidationError as error:
        faults = faults_of(error)
        raise BrokenTemplate(
            "manifest_broken",
            str(faults),
            f"{path} 不是模板清单：{faults.zh}",
            f"{path} is not a manifest: {faults.en}",
        ) from error


def _sample(path: Path) -> Mapping[str, Any]:
    try:
        sample = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise BrokenTemplate(
            "sample_broken",
            str(error),
            f"{path} 不是 UTF-8 的 JSON（{json_place(error).zh}）；请改正",
            f"{path} is not JSON in UTF-8: {json_place(error).en}; mend that line",
        ) from error
    if not isinstance(sample, dict):
        raise BrokenTemplate(
            "sample_broken",
            "no object",
            f"{path} 中须是一个 JSON 对象，即模板的数据",
            f"{path} must hold one JSON object with the template's data",
        )
    return sample
