"""Engines, a renderer, a printer, built from plain values."""

from pathlib import Path

from rendering.allocator import allocator_variables
from rendering.engines import Engines
from rendering.fonts import write_configuration
from rendering.office import Office, OfficeSettings
from rendering.printing import Printer
from rendering.renderer import Renderer
from rendering.typst.typesetter import Typesetter
from templates.library import Library


def build_renderer(
    *,
    work_dir: Path,
    office_python: Path = Path("/usr/bin/python3"),
    office_program: Path | None = None,
    timeout: float = 60.0,
    templates_dir: Path | None = None,
    typst: bool = True,
) -> Renderer:
    """A renderer with engines of its own, each of which starts with the first file it makes.

    ``work_dir`` holds font configuration, profile and files on their way; ``timeout`` is seconds
    a letter; ``templates_dir`` has templates over the shipped ones; without ``typst`` everything
    goes by LibreOffice. Raises ``Misconfigured`` where fonts or templates cannot be listed.
    """
    engines = _engines(work_dir, office_python, office_program, timeout, typst=typst)
    return Renderer(engines, library=Library(templates_dir))


def build_printer(
    *,
    work_dir: Path,
    office_python: Path = Path("/usr/bin/python3"),
    office_program: Path | None = None,
    timeout: float = 60.0,
) -> Printer:
    """A printer with engines of its own; all as for ``build_renderer``."""
    return Printer(_engines(work_dir, office_python, office_program, timeout, typst=True))


def _engines(
    work_dir: Path, python: Path, program: Path | None, timeout: float, *, typst: bool
) -> Engines:
    fonts = write_configuration(work_dir)
    variables = {"FONTCONFIG_FILE": str(fonts), "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}
    office = OfficeSettings(
        work_dir=work_dir,
        python=python,
        program=program,
        timeout=timeout,
        variables={**variables, **allocator_variables()},
    )
    typesetter = Typesetter(work_dir, fonts=fonts, timeout=timeout) if typst else None
    return Engines(typesetter, Office(office), fonts=fonts)
