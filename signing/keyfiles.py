"""Keys in files, PKCS#12 or PEM, and what stands beside them: certificates, secrets."""

from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from schemas.errors import Misconfigured
from schemas.file_faults import os_words
from signing.keys import OTHER_KIND, SigningKey, public_key_of, signing_key

_PEM = b"-----BEGIN "
_PEM_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def load_key_file(
    file: Path, passphrase_file: Path | None, certificate_file: Path | None = None
) -> SigningKey:
    """The key in ``file``, PKCS#12 or PEM, fit to seal. Raises ``Misconfigured``.

    The pass phrase is the first line of ``passphrase_file``. Certificates are taken from the
    file itself and from ``certificate_file``.
    """
    content = read(file, "agencies.seal.key_file")
    load = load_pem if _PEM in content else load_pkcs12
    return load(file, passphrase_file, certificate_file)


def load_pkcs12(
    file: Path, passphrase_file: Path | None, certificate_file: Path | None = None
) -> SigningKey:
    """The key in the PKCS#12 ``file``. Raises ``Misconfigured``."""
    passphrase = first_line(passphrase_file, _PASSPHRASE) if passphrase_file else None
    try:
        content = pkcs12.load_pkcs12(read(file, "agencies.seal.key_file"), passphrase)
    except UnsupportedAlgorithm as error:
        raise _of_another_kind(file) from error
    except ValueError as error:
        raise Misconfigured(
            f"agencies.seal.key_file {file} 无法打开：它既不是 PKCS#12 也不"
            f"是 PEM，或 {_PASSPHRASE}（{passphrase_file or '未设置'}）不是"
            "它的口令",
            f"agencies.seal.key_file {file} cannot be opened: it is neither PKCS#12 nor PEM, or the"
            f" pass phrase in {_PASSPHRASE} ({passphrase_file or 'not set'}) is not its own",
        ) from error
    if content.cert is None or content.key is None:
        raise Misconfigured(
            f"agencies.seal.key_file {file} 缺少私钥或其证书；请把两者导出到同一个 PKCS#12 文件",
            f"agencies.seal.key_file {file} lacks the private key or its certificate; export both"
            " into one PKCS#12 file",
        )
    others = [extra.certificate for extra in content.additional_certs]
    if certificate_file is not None:
        others += read_certificates(certificate_file)
    return signing_key(
        content.key, content.cert.certificate, others, origin=f"agencies.seal.key_file {file}"
    )


def load_pem(
    file: Path, passphrase_file: Path | None, certificate_file: Path | None = None
) -> SigningKey:
    """The private key in the PEM ``file`` with its own certificate, found by the key.

    Raises ``Misconfigured``.
    """
    content = read(file, "agencies.seal.key_file")
    passphrase = first_line(passphrase_file, _PASSPHRASE) if passphrase_file else None
    private = _private(content, passphrase, f"{file}", f"{passphrase_file or 'not set'}")
    held = [] if certificate_file is None else read_certificates(certificate_file)
    if _PEM_CERTIFICATE in content:
        held = [*_certificates(content, f"agencies.seal.key_file {file}"), *held]
    own = _own(held, private, file)
    return signing_key(private, own, held, origin=f"agencies.seal.key_file {file}")


def read_certificates(file: Path) -> list[x509.Certificate]:
    """The certificates in ``agencies.seal.certificate_file``. Raises ``Misconfigured``."""
    return _certificates(
        read(file, "agencies.seal.certificate_file"), f"agencies.seal.certificate_file {file}"
    )


def first_line(file: Path, setting: str) -> bytes:
    """The secret in ``file``: its first line without its end. Raises ``Misconfigured``."""
    lines = read(file, setting).splitlines()
    return lines[0] if lines else b""


def read(file: Path, setting: str) -> bytes:
    """The file's bytes. Raises ``Misconfigured`` that names the setting and the file."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(
            f"{setting} {file} 无法读取（{os_words(error).zh}）；请指定本用户可读的文件",
            f"{setting} {file} cannot be read ({os_words(error).en}); name a file that this user"
            " may read",
        ) from error


_PASSPHRASE = "agencies.seal.key_passphrase_file"  # noqa: S105 -- the setting's name


def _private(content: bytes, passphrase: bytes | None, file: str, phrase_file: str) -> object:
    attempts: list[Callable[[], object]] = [lambda: load_pem_private_key(content, passphrase)]
    if passphrase is not None:
        # a pass phrase for a key that is not encrypted does no harm
        attempts.append(lambda: load_pem_private_key(content, None))
    for attempt in attempts:
        try:
            return attempt()
        except UnsupportedAlgorithm as error:
            raise _of_another_kind(file) from error
        except (ValueError, TypeError):
            continue
    raise Misconfigured(
        f"agencies.seal.key_file {file} 中没有能打开的私钥：其中没有 PEM"
        f" 私钥，或 {_PASSPHRASE}（{phrase_file}）不是它的口令",
        f"agencies.seal.key_file {file} holds no private key that opens: it has none in PEM, or the"
        f" pass phrase in {_PASSPHRASE} ({phrase_file}) is not its own",
    )


def _of_another_kind(file: Path | str) -> Misconfigured:
    return Misconfigured(
        f"agencies.seal.key_file {file}：{OTHER_KIND.zh}",
        f"agencies.seal.key_file {file}: {OTHER_KIND.en}",
    )


def _own(held: list[x509.Certificate], private: object, file: Path) -> x509.Certificate:
    public = getattr(private, "public_key", lambda: None)()
    own = next((link for link in held if public and public_key_of(link) == public), None)
    if own is None:
        raise Misconfigured(
            f"agencies.seal.key_file {file}：其中和 "
            "agencies.seal.certificate_file 中都没有此密钥的证书；请加上认证机构为它签发的证书",
            f"agencies.seal.key_file {file}: no certificate of this key stands in it or in"
            " agencies.seal.certificate_file; add the one that the authority issued for it",
        )
    return own


def _certificates(content: bytes, origin: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise Misconfigured(
            f"{origin} 中没有能读取的 PEM 证书",
            f"{origin} holds no certificate in PEM that can be read",
        ) from error
