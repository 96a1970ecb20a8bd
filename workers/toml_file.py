"""Files in TOML, which is UTF-8 (TOML 1.0), whatever the locale and whoever wrote them."""

import codecs
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from schemas.errors import Misconfigured
from schemas.file_faults import os_words, toml_place


def read_toml(file: Path | Traversable, setting: str) -> dict[str, Any]:
    """What ``file`` says; a byte order mark at its head is passed over.

    Raises ``Misconfigured`` that names the file, the line where one is known, and the remedy;
    ``setting`` is what named the file.
    """
    try:
        content = file.read_bytes().removeprefix(codecs.BOM_UTF8)
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise Misconfigured(
            f"{setting}：{file} 无法读取：{os_words(error).zh}",
            f"{setting}: {file} cannot be read: {os_words(error).en}",
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Misconfigured(
            f"{setting}：{file} 第 {line} 行不是 UTF-8；请重新另存为 UTF-8",
            f"{setting}: {file}, line {line}, is not UTF-8; save the file as UTF-8 once more",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(
            f"{setting}：{file} 不是 TOML（{toml_place(error).zh}）",
            f"{setting}: {file} is not TOML: {toml_place(error).en}",
        ) from error
