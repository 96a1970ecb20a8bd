"""How far a publication came: a small file in the home, so that the same command goes on there."""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import time
from urllib.parse import urlsplit

from workers.home import make_home

#: folder in the home
_FOLDER = "publishing"
#: seconds after which a publication that nobody went on with is forgotten
_KEPT = 30 * 24 * 3600


class Bookmark:
    """The count of events that the broker has taken of one publication.

    It is known by its events (a digest of all of them, in order) and by the broker: other events,
    or another broker, begin anew. The file holds a number and nothing of the events; where it is
    lost or unreadable, all is sent again, which does no harm.
    """

    def __init__(self, home: Path, *, events: bytes, broker_url: str) -> None:
        address = urlsplit(broker_url)
        # not the password: it may change
        broker = f"{address.netloc.rpartition('@')[2]}{address.path}"
        self._home = home
        self.path = home / _FOLDER / f"{sha256(events + broker.encode()).hexdigest()}.json"

    def read(self) -> int:
        """How many events were taken; 0 where nothing is known."""
        try:
            sent = json.loads(self.path.read_bytes())["sent"]
        except (OSError, ValueError, KeyError, TypeError):
            return 0
        return sent if isinstance(sent, int) and sent > 0 else 0

    def write(self, sent: int) -> None:
        """``sent`` events were taken. Raises ``OSError`` or ``Misconfigured``."""
        make_home(self._home)
        make_home(self.path.parent)
        new = self.path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps({"sent": sent}) + "\n")
        new.replace(self.path)

    def remove(self) -> None:
        """Nothing is known of the publication any more, nor of those that were given up."""
        self.path.unlink(missing_ok=True)
        for file in self.path.parent.glob("*"):
            with suppress(OSError):
                if file.stat().st_mtime < time() - _KEPT:
                    file.unlink()
