"""The allocator that LibreOffice runs with: a seventh of its work is to take and give memory."""

import platform
from collections.abc import Mapping
from pathlib import Path

_NAME = "libjemalloc.so.2"
#: LibreOffice converts one letter at a time: two arenas are enough, and what one letter gave back
#: serves the next
_CONFIGURATION = "narenas:2,tcache_max:4096,dirty_decay_ms:30000"


def find_allocator() -> Path | None:
    """jemalloc, where the distribution has put it; None: LibreOffice keeps the C library's."""
    folders = (f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib")
    return next((file for folder in folders if (file := Path(folder) / _NAME).is_file()), None)


def allocator_variables() -> Mapping[str, str]:
    """What LibreOffice's environment has for it."""
    found = find_allocator()
    if found is None:
        return {}
    return {"LD_PRELOAD": str(found), "MALLOC_CONF": _CONFIGURATION}
