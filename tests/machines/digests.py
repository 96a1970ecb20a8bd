"""``python -m tests.machines.digests``: SHA-256 of each kind's unsealed sample, a line each."""

import hashlib
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from rendering.building import build_renderer
from rendering.preview import drawn_sample
from schemas.documents import DocumentKind


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="hanyin-digests-") as folder,
        closing(build_renderer(work_dir=Path(folder))) as renderer,
    ):
        for kind in DocumentKind:
            content = drawn_sample(renderer, kind).content
            sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {kind.value}\n")


if __name__ == "__main__":
    main()
