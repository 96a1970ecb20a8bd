"""Keys in hardware by PKCS#11 (OASIS, 2.40): only digests go there, and the PIN goes nowhere else.

A process keeps a session open and logged in for each key; one that is lost (module restarted, token
drawn and put back, logged out by somebody else) is opened anew before the letter notices. A wrong
PIN is tried once and not again until its file changes: tokens lock themselves after a few.

One thread of a process at a time is in the modules: the driver opens them with no word on threads
(C_Initialize without arguments), so that they take no locks of their own (PKCS#11 Base
Specification 2.40, 5.4). Letters are sealed side by side by processes.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.util.ec import encode_ecdsa_signature

from schemas.configuration import Pkcs11Key
from schemas.errors import Misconfigured, Unavailable
from schemas.sentence import Sentence
from signing.keys import DistantKey, demand_fit, is_signature, issuers_of

#: DigestInfo of a SHA-256 digest (RFC 8017, 9.2, note 1); PKCS#11's CKM_RSA_PKCS pads, no more
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
#: what no new session mends: the caller's set-up is wrong
_REFUSALS = (
    pkcs11.PinIncorrect,
    pkcs11.PinInvalid,
    pkcs11.PinLenRange,
    pkcs11.PinLocked,
    pkcs11.PinExpired,
)


@dataclass(frozen=True, kw_only=True)
class HardwareKey(DistantKey):
    """A key in a PKCS#11 module."""

    token: "TokenKey" = field(repr=False)

    def sign_digest(self, digest: bytes) -> bytes:
        """See ``DistantKey.sign_digest``."""
        return self.token.signature(digest)

    def close(self) -> None:
        """Its session is closed; the module stays loaded."""
        self.token.close()


def open_hardware_key(
    settings: Pkcs11Key, pin: bytes, certificates: list[x509.Certificate] | None
) -> HardwareKey:
    """The key that ``settings`` name, fit to seal; its session is open.

    Certificates are read from the token where ``certificates`` is None. Raises ``Misconfigured``
    (no such module, token, key; a wrong PIN) or ``Unavailable``.
    """
    token = TokenKey(settings, pin)
    held = token.certificates() if certificates is None else certificates
    certificate = token.certificate_among(held)
    if certificate is None:
        token.close()
        raise Misconfigured(
            f"{token.origin}：令牌和 agencies.seal.certificate_file 中都没有"
            "此密钥的证书；请加上认证机构为它签发的证书",
            f"{token.origin}: no certificate of this key is on the token or in"
            " agencies.seal.certificate_file; add the one that the authority issued for it",
        )
    demand_fit(certificate, token.origin)
    return HardwareKey(
        certificate=certificate,
        issuers=issuers_of(certificate, held),
        origin=token.origin,
        token=token,
    )


@dataclass(frozen=True, kw_only=True)
class _Session:
    """An open session with the handle of the key in it."""

    session: Any
    key: Any


class TokenKey:
    """A key on a token and the session in which it is used."""

    def __init__(self, settings: Pkcs11Key, pin: bytes) -> None:
        self._settings = settings
        self._pin = pin
        self._open: _Session | None = None

    @property
    def origin(self) -> str:
        """Module, token and key, for error messages."""
        wanted = self._settings
        name = f"label {wanted.label}" if wanted.label else f"id {wanted.id}"
        return f"agencies.seal.pkcs11 (module {wanted.module}, token {wanted.token}, key {name})"

    def signature(self, digest: bytes) -> bytes:
        """PKCS#1 v1.5 or ECDSA (DER) over a SHA-256 digest."""
        return bytes(self._tried(lambda held: _signature(held.key, digest)))

    def certificates(self) -> list[x509.Certificate]:
        """Every certificate on the token that can be read."""
        return list(self._tried(lambda held: list(_certificates(held.session))))

    def certificate_among(self, held: list[x509.Certificate]) -> x509.Certificate | None:
        """The one of ``held`` that belongs to the key: found by a trial signature."""
        digest = hashlib.sha256(b"whose key is this").digest()
        trial = self.signature(digest)
        return next((link for link in held if is_signature(link, digest, trial)), None)

    def close(self) -> None:
        """No session is open."""
        with _in_a_module:
            held, self._open = self._open, None
            if held is not None:
                with suppress(pkcs11.PKCS11Error):
                    held.session.close()

    def _tried(self, work: Callable[[_Session], Any]) -> Any:
        """What ``work`` gives with a session: the one at hand, a new one, one of a new start."""
        with _in_a_module:
            for mend in (None, self.close, self._start_anew):
                if mend is not None:
                    mend()
                try:
                    self._open = self._open or self._opened()
                    return work(self._open)
                except _REFUSALS as error:
                    raise self._refused(error) from error
                except pkcs11.PKCS11Error as error:
                    last = error
        if isinstance(last, pkcs11.NoSuchKey | pkcs11.MultipleObjectsReturned):
            raise Misconfigured(
                f"{self.origin}：令牌中{_how_many(last).zh}这样的私钥；请用 "
                "label 或 id 指明（pkcs11-tool --list-objects 可列出）",
                f"{self.origin}: the token has {_how_many(last).en} such private key; name one by"
                " label or id (`pkcs11-tool --list-objects` shows them)",
            ) from last
        raise Unavailable(
            f"{self.origin} 没有响应（{_word(last)}）",
            f"{self.origin} does not answer ({_word(last)})",
        ) from last

    def _opened(self) -> _Session:
        token = self._token()
        self._demand_tries_left(token)
        try:
            session = token.open(user_pin=self._pin.decode("utf-8"))
        except pkcs11.UserAlreadyLoggedIn:
            # a token's sessions in one process share their login
            session = token.open()
        except _REFUSALS:
            _refused_pins.add(self._tried_pin())
            raise
        try:
            return _Session(session=session, key=self._key(session))
        except pkcs11.PKCS11Error:
            session.close()
            raise

    def _token(self) -> Any:
        if not Path(self._settings.module).is_file():
            raise Misconfigured(
                f"{self.origin}：没有这个模块；请在 agencies.seal.pkcs11.module 中写明其共享库",
                f"{self.origin}: there is no such module; name its shared library in"
                " agencies.seal.pkcs11.module",
            )
        module = pkcs11.lib(self._settings.module)
        return module.get_token(token_label=self._settings.token)

    def _key(self, session: Any) -> Any:
        wanted = self._settings
        key_id = bytes.fromhex(wanted.id) if wanted.id else None
        return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=wanted.label, id=key_id)

    def _demand_tries_left(self, token: Any) -> None:
        """The token's last try, or a PIN that it refused already, is not spent."""
        if self._tried_pin() in _refused_pins:
            raise pkcs11.PinIncorrect
        if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
            raise pkcs11.PinLocked

    def _tried_pin(self) -> bytes:
        wanted = self._settings
        return hashlib.sha256(
            b"\0".join((wanted.module.encode(), wanted.token.encode(), self._pin))
        ).digest()

    def _refused(self, error: pkcs11.PKCS11Error) -> Misconfigured:
        source = str(self._settings.pin_file or self._settings.pin_variable)
        return Misconfigured(
            f"{self.origin}：令牌拒绝 {source} 中的 PIN（{_word(error)}）；"
            "请改正（令牌已锁或只剩一次机会的，由其管理员处理）",
            f"{self.origin}: the token refuses the PIN in {source} ({_word(error)}); put it right"
            " (a token that locked itself or has one try left is freed by its administrator)",
        )

    def _start_anew(self) -> None:
        """The module is initialised again: what it remembers of tokens is of today."""
        self.close()
        with suppress(RuntimeError):
            pkcs11.lib(self._settings.module).reinitialize()


#: held by the thread that is in a module, whichever: keys of several agencies may share one
_in_a_module = threading.RLock()
#: digests of PINs that a token refused in this process
_refused_pins: set[bytes] = set()


def _signature(key: Any, digest: bytes) -> bytes:
    if key.key_type is KeyType.RSA:
        return bytes(key.sign(_DIGEST_INFO + digest, mechanism=Mechanism.RSA_PKCS))
    return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA)))


def _certificates(session: Any) -> Iterator[x509.Certificate]:
    for found in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        with suppress(ValueError, pkcs11.PKCS11Error):
            yield x509.load_der_x509_certificate(bytes(found[Attribute.VALUE]))


def _how_many(error: pkcs11.PKCS11Error) -> Sentence:
    if isinstance(error, pkcs11.NoSuchKey):
        return Sentence("没有", "no")
    return Sentence("有不止一把", "more than one")


def _word(error: pkcs11.PKCS11Error) -> str:
    """The driver's name for what happened; its texts may hold what they were given."""
    return type(error).__name__
