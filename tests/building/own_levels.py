"""Letters that our own sealer makes at each level, as the archive raises and renews them."""

from datetime import UTC, datetime

from schemas.configuration import SealSettings, TimeStampServer
from schemas.documents import DocumentKind
from schemas.levels import SealLevel
from signing.leveling import Leveling
from signing.raising import raise_letter
from signing.sealer import Sealer
from tests.building.letters import NUMBER, rendered_letters
from tests.building.pki import LOOPBACK, Pki
from tests.building.sealing import seal_picture

KIND = DocumentKind.RECOVERY_NOTICE


def own_letters(servers: Pki) -> dict[str, bytes]:
    """Sealed at each level, raised from each, and renewed: what was done → the file."""
    made: dict[str, bytes] = {}
    for level in SealLevel:
        leveling = leveling_of(servers, level)
        desk = Sealer(servers.key(), seal_picture(), leveling)
        sealed = desk.seal(rendered_letters()[KIND], document_number=NUMBER, at=datetime.now(UTC))
        made[level] = sealed.content
        made[f"{level} raised"] = raised(sealed.content, leveling)
    plain = leveling_of(servers, SealLevel.B_B)
    made["B-B raised, renewed"] = raised(made["B-B raised"], plain)
    return made


def raised(letter: bytes, leveling: Leveling) -> bytes:
    """The rendition of ``letter`` at B-LTA."""
    return raise_letter(letter, leveling, wanted=SealLevel.B_LTA).rendition.content


def leveling_of(servers: Pki, level: SealLevel) -> Leveling:
    """Sealing at ``level`` with the time stamps of ``servers``."""
    stamps = [TimeStampServer(url=servers.stamps)]
    settings = SealSettings(level=level, time_stamp_servers=stamps, private_networks=[LOOPBACK])
    return Leveling(settings, [servers.certificate("root")])
