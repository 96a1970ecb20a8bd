"""Keys in a PKCS#11 token (SoftHSM): they seal, they come back, the PIN stays where it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from schemas.configuration import Pkcs11Key, SealSettings
from schemas.errors import Misconfigured, Unavailable
from signing import hardware
from signing.examination import examine
from signing.hardware import HardwareKey
from signing.keyfiles import read_certificates
from signing.opening import open_key
from tests.building.hardware import PIN, TOKEN, Token, new_token
from tests.building.sealing import (
    AT,
    NUMBER,
    agency_key,
    certified,
    chain_file,
    rendered,
    root,
    sealer,
)

KEYS: dict[str, Any] = {
    "rsa2048": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "rsa3072": lambda: rsa.generate_private_key(public_exponent=65537, key_size=3072),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", "")
        made = new_token(tmp_path_factory.mktemp("softhsm"))
        for place, (name, make) in enumerate(KEYS.items(), start=1):
            made.put(certified(make()), name, f"0{place}")
        made.put(agency_key(), "bare", "0a", certificate=False)
        yield made


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    return file


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_refused_pins", set())


def opened(token: Token, pin_file: Path, label: str = "rsa2048", **more: Any) -> HardwareKey:
    settings = SealSettings(pkcs11=named(token, pin_file, label=label), **more)
    key = open_key(settings)
    assert isinstance(key, HardwareKey)
    return key


def named(token: Token, pin_file: Path, **more: Any) -> Pkcs11Key:
    return Pkcs11Key(module=token.module, token=TOKEN, pin_file=str(pin_file), **more)


@pytest.mark.parametrize("label", list(KEYS))
def test_a_key_in_hardware_seals(token: Token, pin_file: Path, label: str) -> None:
    key = opened(token, pin_file, label)
    content = sealer(key).seal(rendered(), document_number=NUMBER, at=AT).content
    assert examine(content, [root()]).genuine
    assert key.chain[-1] == root()
    key.close()


def test_a_key_is_found_by_its_id_too(token: Token, pin_file: Path) -> None:
    key = open_key(SealSettings(pkcs11=named(token, pin_file, id="03")))
    assert key is not None
    assert isinstance(key.certificate.public_key(), ec.EllipticCurvePublicKey)


def test_the_certificate_may_stand_in_a_file(token: Token, pin_file: Path, tmp_path: Path) -> None:
    file = chain_file(tmp_path)
    key = opened(token, pin_file, "bare", certificate_file=str(file))
    assert key.certificate == agency_key().certificate
    assert [*key.chain] == read_certificates(file)


def test_a_key_without_certificate_says_where_to_put_it(token: Token, pin_file: Path) -> None:
    with pytest.raises(Misconfigured, match="certificate_file"):
        opened(token, pin_file, "bare")


def test_the_pin_may_stand_in_a_variable(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Pkcs11Key(module=token.module, token=TOKEN, label="p256", pin_variable="OUR_PIN")
    with pytest.raises(Misconfigured, match="OUR_PIN"):
        open_key(SealSettings(pkcs11=settings))
    monkeypatch.setenv("OUR_PIN", PIN)
    assert open_key(SealSettings(pkcs11=settings))


def test_a_lost_session_is_recovered_before_the_letter_notices(
    token: Token, pin_file: Path
) -> None:
    key = opened(token, pin_file)
    for lose in (_close, _log_out, _start_module_anew):
        lose(key, token)
        assert key.sign(b"after the loss")


def _close(key: HardwareKey, token: Token) -> None:
    pkcs11.lib(token.module).get_token(token_label=TOKEN)
    assert key.token._open
    key.token._open.session.close()


def _log_out(key: HardwareKey, token: Token) -> None:
    # a session of somebody else that closes logs all of them out
    key.sign(b"a session is open")
    try:
        other = pkcs11.lib(token.module).get_token(token_label=TOKEN).open(user_pin=PIN)
    except pkcs11.UserAlreadyLoggedIn:
        _close(key, token)
    else:
        other.close()


def _start_module_anew(key: HardwareKey, token: Token) -> None:
    del key
    pkcs11.lib(token.module).reinitialize()


def test_threads_of_a_process_use_a_module_one_at_a_time(token: Token, pin_file: Path) -> None:
    """Two at once in a module that takes no locks end the process (seen with SoftHSM)."""
    keys = [opened(token, pin_file, label) for label in KEYS]
    with ThreadPoolExecutor(max_workers=8) as pool:
        signed = [pool.submit(key.sign, b"x") for _ in range(30) for key in keys]
    assert all(future.result() for future in signed)


def test_a_session_is_kept(token: Token, pin_file: Path) -> None:
    key = opened(token, pin_file)
    held = key.token._open
    assert key.sign(b"x")
    assert held is not None
    assert key.token._open is held


def test_a_token_that_is_drawn_is_unavailable_and_serves_when_it_is_back(
    token: Token, pin_file: Path
) -> None:
    key = opened(token, pin_file)
    tokens, away = token.folder / "tokens", token.folder / "away"
    tokens.rename(away)
    tokens.mkdir()
    pkcs11.lib(token.module).reinitialize()
    with pytest.raises(Unavailable, match=TOKEN):
        key.sign(b"x")
    tokens.rmdir()
    away.rename(tokens)
    assert key.sign(b"x")


def test_a_wrong_pin_is_tried_once_and_never_told(
    token: Token, pin_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # sessions of one process share their login: here nobody is logged in yet
    pkcs11.lib(token.module).reinitialize()
    pin_file.write_text("12-not-the-pin\n")
    for _ in range(3):
        with pytest.raises(Misconfigured, match="refuses the PIN") as caught:
            opened(token, pin_file)
        assert "12-not" not in str(caught.value)
    assert len(hardware._refused_pins) == 1
    pin_file.write_text(f"{PIN}\n")
    assert opened(token, pin_file).sign(b"x")
    assert PIN not in caplog.text
    assert PIN not in repr(opened(token, pin_file))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"module": "/no/such/module.so"}, "no such module"),
        ({"label": "nobody"}, "no such private key"),
    ],
)
def test_what_is_not_there_is_named(
    token: Token, pin_file: Path, change: dict[str, Any], said: str
) -> None:
    settings = named(token, pin_file, label="p256").model_copy(update=change)
    with pytest.raises(Misconfigured, match=said):
        open_key(SealSettings(pkcs11=settings))


def test_a_signature_of_another_key_is_not_used(token: Token, pin_file: Path) -> None:
    key, other = opened(token, pin_file), opened(token, pin_file, "rsa3072")
    mixed = HardwareKey(
        certificate=key.certificate,
        issuers=key.issuers,
        origin=key.origin,
        token=other.token,
    )
    with pytest.raises(Unavailable, match="not of the certificate's key"):
        mixed.sign(b"x")
