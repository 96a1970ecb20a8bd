"""A resident Typst: a process of its own, started when needed, killed when it hangs."""

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

from rendering.fonts import RARE, STAND_INS, font_files
from rendering.pdf import Mark, PdfFile
from rendering.resident import Resident
from rendering.typst.compiler import Compiled
from schemas.errors import Misconfigured, ProductionFailed, Unavailable
from schemas.file_faults import os_words

#: templates whose compilers are kept: an agency has a dozen
_TEMPLATES = 48
#: letters after which Typst is started anew: its memory did not grow over 2,000
_LETTERS_A_LIFE = 5000
#: seconds for it to start: it reads the fonts
_START_SECONDS = 30.0
_HOME = Path(__file__).resolve().parents[2]
#: what the process runs: the project is found where this one found it
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from rendering.typst.host import main;"
    " sys.exit(main(int(sys.argv[2]), sys.argv[3], sys.argv[4:]))"
)
#: what Typst calls a bold face
_BOLD = 600


class Typesetter:
    """Makes PDF/A-2 files of compiled templates, one at a time. Not for several threads."""

    def __init__(self, work_dir: Path, *, fonts: Path, timeout: float) -> None:
        """``fonts``: the font configuration; ``timeout``: seconds that one file may take."""
        self._configuration, self._timeout = fonts, timeout
        self._process = Resident(work_dir, kind="typst")
        self._faces = ""
        self._letters = 0
        #: templates whose folders are there, the least lately used first
        self._templates: dict[str, None] = {}
        #: those that the process may forget
        self._forget: list[str] = []

    def convert(
        self, compiled: Compiled, values: Mapping[str, Any], *, title: str, dated: date
    ) -> PdfFile:
        """The file that ``compiled`` makes of ``values``; the same bytes from the same data.

        ``dated`` is the date that the file says it was made on. Raises ``ProductionFailed``:
        template_failed (final) where a value lacks, glyph_missing (final), conversion_failed,
        conversion_timeout; ``Unavailable`` where the disk is full. Typst is started anew by the
        next call where it died or hung.
        """
        with self._process.on_disk():
            return self._convert(compiled, values, title, dated)

    def _convert(
        self, compiled: Compiled, values: Mapping[str, Any], title: str, dated: date
    ) -> PdfFile:
        if self._letters >= _LETTERS_A_LIFE:
            self.close()
        folder = self._running()
        self._put(folder, compiled)
        data = json.dumps({"title": title, "values": values})
        (folder / compiled.key / "data.json").write_text(data)
        self._letters += 1
        request = {
            "folder": compiled.key,
            "timestamp": int(datetime(dated.year, dated.month, dated.day, tzinfo=UTC).timestamp()),
            "marks": compiled.marks,
            "forget": self._forget,
        }
        self._forget = []
        answer = self._process.ask(request, self._timeout)
        if answer is None:
            self._process.give_up("conversion_timeout", seconds=self._timeout)
        message, content = answer
        if not message["ok"]:
            self._refused(title, message["reason"])
        # a sealed file's next object begins a line of its own (ISO 19005-2, 6.1.9)
        return PdfFile(content=content + b"\n", marks=_marks_of(message["marks"]))

    def _refused(self, name: str, reason: str) -> NoReturn:
        if reason == "missing_value":
            raise ProductionFailed("template_failed", final=True, template=name, reason=reason)
        if reason == "glyph_missing":
            raise ProductionFailed("glyph_missing", final=True, characters="?")
        self._process.give_up("conversion_failed", reason=reason)

    @property
    def process_id(self) -> int | None:
        """The process's id; None where it does not run."""
        return self._process.process_id

    @property
    def held(self) -> Sequence[str]:
        """The limits that hold for the process (``confinement``)."""
        self._running()
        return self._held

    def close(self) -> None:
        """Typst has ended, and its files are gone."""
        self._process.close()
        self._forgotten()

    def _forgotten(self) -> None:
        self._letters = 0
        self._templates.clear()
        self._forget.clear()

    # -- files

    def _put(self, folder: Path, compiled: Compiled) -> None:
        """The template's folder is there."""
        if compiled.key in self._templates:
            del self._templates[compiled.key]
        else:
            own = folder / compiled.key
            own.mkdir(mode=0o700)
            (own / "main.typ").write_text(compiled.source, encoding="utf-8")
            (own / "faces.json").write_text(self._faces, encoding="utf-8")
            for name, content in compiled.files.items():
                (own / name).write_bytes(content)
        self._templates[compiled.key] = None
        if len(self._templates) > _TEMPLATES:
            oldest = next(iter(self._templates))
            del self._templates[oldest]
            self._forget.append(oldest)
            shutil.rmtree(folder / oldest)

    def _link_fonts(self, folder: Path) -> list[str]:
        """The offered fonts are in ``fonts``; gives the folders that their files are in."""
        (folder / "fonts").mkdir()
        files = sorted({file for found in self._files.values() for file in found})
        for index, file in enumerate(files):
            (folder / "fonts" / f"{index}{file.suffix}").symlink_to(file)
        return sorted({str(file.parent) for file in files})

    def _faces_of(self, known: Sequence[tuple[str, int, str, int]]) -> str:
        """What the prelude knows of the fonts: Typst's families for those of the templates."""
        named: dict[Path, list[tuple[str, int]]] = {}
        for path, _, family, weight in known:
            named.setdefault(Path(path).resolve(), []).append((family, weight))

        def typst_names(family: str) -> list[str]:
            files = [file.resolve() for file in self._files.get(family, ())]
            found = [name for file in files for name, _ in named.get(file, ())]
            # a collection holds other families beside: its own name comes first
            own = [name for name in found if name == family]
            return list(dict.fromkeys(own or found))

        families = {
            face: list(dict.fromkeys(n for each in (face, *others) for n in typst_names(each)))
            for face, others in STAND_INS.items()
        }
        heavy = {name for found in named.values() for name, weight in found if weight >= _BOLD}
        bold = {face: bool(heavy.intersection(names[:1])) for face, names in families.items()}
        rare = [name for family in RARE for name in typst_names(family)]
        return json.dumps({"families": families, "bold": bold, "rare": rare}, ensure_ascii=False)

    # -- process

    def _running(self) -> Path:
        if (folder := self._process.folder) is not None:
            return folder
        self._forgotten()
        folder = self._process.new_folder()
        self._files = font_files(self._configuration)
        self._start(folder, self._link_fonts(folder))
        answer = self._process.read(_START_SECONDS)
        if answer is None or not answer.message["ok"]:
            self.close()
            raise Unavailable(
                "Typst 没有启动；hanyin doctor 查找原因",
                "Typst did not start; `hanyin doctor` looks for the reason",
            )
        self._faces = self._faces_of(answer.message["fonts"])
        self._held: Sequence[str] = answer.message["held"]
        return folder

    def _start(self, folder: Path, readable: Sequence[str]) -> None:
        words = [sys.executable, "-I", "-c", _START, str(_HOME), str(os.getpid()), str(folder)]
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        try:
            self._process.start([*words, *readable], variables)
        except OSError as error:
            raise Misconfigured(
                f"{sys.executable} 无法启动：{os_words(error).zh}",
                f"{sys.executable} cannot be started: {os_words(error).en}",
            ) from error


def _marks_of(found: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, Mark]:
    return {
        name: Mark(page=int(places[0]["page"]) - 1, x=places[0]["x"], y=places[0]["y"])
        for name, places in found.items()
        if places
    }
