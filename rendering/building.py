"""A renderer, built from plain values."""

from pathlib import Path

from rendering.allocator import allocator_variables
from rendering.fonts import write_configuration
from rendering.office import Office, OfficeSettings
from rendering.printing import Printer
from rendering.renderer import Renderer
from templates.library import Library


def build_renderer(
    *,
    work_dir: Path,
    office_python: Path = Path("/usr/bin/python3"),
    office_program: Path | None = None,
    timeout: float = 60.0,
    templates_dir: Path | None = None,
) -> Renderer:
    """A renderer with a LibreOffice of its own, which starts with the first letter.

    ``work_dir`` holds font configuration, profile and files on their way; ``timeout`` is seconds
    a letter; ``templates_dir`` has templates over the shipped ones. Raises ``Misconfigured`` where
    fonts or templates cannot be listed.
    """
    office, fonts = _office(work_dir, office_python, office_program, timeout)
    return Renderer(office, fonts=fonts, library=Library(templates_dir))


def build_printer(
    *,
    work_dir: Path,
    office_python: Path = Path("/usr/bin/python3"),
    office_program: Path | None = None,
    timeout: float = 60.0,
) -> Printer:
    """A printer with a LibreOffice of its own; all as for ``build_renderer``."""
    office, fonts = _office(work_dir, office_python, office_program, timeout)
    return Printer(office, fonts=fonts)


def _office(
    work_dir: Path, python: Path, program: Path | None, timeout: float
) -> tuple[Office, Path]:
    fonts = write_configuration(work_dir)
    variables = {"FONTCONFIG_FILE": str(fonts), "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}
    settings = OfficeSettings(
        work_dir=work_dir,
        python=python,
        program=program,
        timeout=timeout,
        variables={**variables, **allocator_variables()},
    )
    return Office(settings), fonts
