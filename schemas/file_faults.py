"""What is wrong with a file, in both languages, where others say it in English."""

import errno
import json
import os
import re
import tomllib

from schemas.sentence import Sentence

_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许",
    errno.ENOENT: "不存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "文件夹不空",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.EIO: "读写出错",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "链接循环",
    errno.EMFILE: "打开的文件过多",
    errno.ENOEXEC: "不是可执行文件",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ECONNREFUSED: "拒绝连接",
}
_TOML_PLACE = re.compile(r"line (\d+), column (\d+)")


def os_words(error: OSError) -> Sentence:
    """Why the system refused: its own words, and Chinese ones for what is common."""
    en = os.strerror(error.errno) if error.errno else type(error).__name__
    return Sentence(_REASONS.get(error.errno or 0, en), en)


def toml_place(error: tomllib.TOMLDecodeError | UnicodeDecodeError) -> Sentence:
    """What the parser says, in Chinese where it is."""
    found = _TOML_PLACE.search(str(error))
    return Sentence(f"第 {found[1]} 行第 {found[2]} 列" if found else "无法解析", str(error))


def json_place(error: ValueError | RecursionError) -> Sentence:
    """The same of a JSON parser."""
    if isinstance(error, json.JSONDecodeError):
        return Sentence(f"第 {error.lineno} 行第 {error.colno} 列", str(error))
    return Sentence("无法解析", str(error))
