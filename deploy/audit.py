"""Known vulnerabilities of what requirements.lock names, by pip-audit.

Exit 1 where there is one. Where the advisories cannot be reached it says so and ends with 0: an
installation without a network is not unsafe for it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_LOCK = Path(__file__).parent.parent / "requirements.lock"
#: seconds after which the service counts as out of reach
_PATIENCE = 120


def main() -> int:
    """The exit code; what was found stands on stderr."""
    found = _asked()
    if found is None:
        return _say("pip-audit: the advisories cannot be reached; nothing was audited")
    unknown = [each["name"] for each in found if "skip_reason" in each]
    known = [each for each in found if each.get("vulns")]
    for each in known:
        names = ", ".join(entry["id"] for entry in each["vulns"])
        _say(f"pip-audit: {each['name']} {each['version']}: {names}")
    if unknown:
        _say(f"pip-audit: {len(unknown)} of {len(found)} packages could not be audited")
    return 1 if known else 0


def _asked() -> list[dict[str, Any]] | None:
    """What pip-audit says of each package; None where it could not ask."""
    words = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    words += ["--progress-spinner", "off", "--format", "json", "-r", str(_LOCK)]
    try:
        ended = subprocess.run(words, capture_output=True, timeout=_PATIENCE, check=False)
        dependencies: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return dependencies


def _say(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
