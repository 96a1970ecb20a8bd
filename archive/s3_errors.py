"""What goes wrong between us and an S3 store, in the words of ``schemas.errors``."""

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLCertVerificationError
from xml.etree.ElementTree import ParseError

from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from schemas.errors import HanyinError, Misconfigured, Unavailable
from schemas.sentence import Sentence

#: Answers that an operator must see to; any other answer than "not there" may pass.
_REFUSALS = {
    "AccessDenied": Sentence("此访问密钥无权这样做", "the access key may not do this"),
    "AccountProblem": Sentence("账户异常", "the account is not in order"),
    "AllAccessDisabled": Sentence("账户异常", "the account is not in order"),
    "AuthorizationHeaderMalformed": Sentence("区域不对", "the region is another one"),
    "InvalidAccessKeyId": Sentence(
        "存储不认识此访问密钥", "the store does not know the access key"
    ),
    "InvalidBucketName": Sentence("存储桶名称不合规定", "the bucket cannot be called so"),
    "InvalidTokenId": Sentence("存储不认识此访问密钥", "the store does not know the access key"),
    "NoSuchBucket": Sentence("没有这个存储桶", "there is no such bucket"),
    "PermanentRedirect": Sentence("存储桶在别处", "the bucket is elsewhere"),
    "SignatureDoesNotMatch": Sentence("密钥（secret key）不对", "the secret key is wrong"),
}

#: A clock is put right while letters wait, so it is no reason to give one up.
_SKEWED = "RequestTimeTooSkewed"

#: "That object, or that version of it, is not there"; the last two are how stores answer a version
#: id that they never gave and one that marks a deletion.
_MISSING = {
    "NoSuchKey",
    "NoSuchVersion",
    "ResourceNotFound",
    "InvalidVersionId",
    "MethodNotAllowed",
}

#: The same, only where a version was asked for: MinIO's words for one that it never gave.
_MALFORMED_VERSION = {"BadRequest", "InvalidArgument", "InvalidVersion"}


def is_missing(error: S3Error, version_id: str | None) -> bool:
    """Whether the store says that the object (or this version of it) is not there."""
    return error.code in _MISSING or (version_id is not None and error.code in _MALFORMED_VERSION)


@contextmanager
def answering(store: str) -> Iterator[None]:
    """Errors of the client and the connection come out as errors of the product."""
    try:
        yield
    except S3Error as error:
        raise _translated(store, error) from error
    # An answer without the members that it should have is a ValueError of the client.
    except (MinioException, HTTPError, OSError, ParseError, ValueError) as error:
        if distrusted := _distrusted(error):
            raise Unavailable(
                f"存储 {store} 的证书不受信任（{distrusted.verify_message}）；请"
                "查看 HANYIN_STORAGE_CA_FILE",
                f"the store {store} has a certificate that is not trusted,"
                f" {distrusted.verify_message}; see HANYIN_STORAGE_CA_FILE",
            ) from error
        raise Unavailable(
            f"存储 {store} 的答复不是 S3 的（{type(error).__name__}）",
            f"the store {store} does not answer as S3 does ({type(error).__name__})",
        ) from error


def _distrusted(error: BaseException) -> SSLCertVerificationError | None:
    """What OpenSSL had against the store's certificate, however deep the client has it."""
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    if isinstance(error, SSLCertVerificationError):
        return error
    return _distrusted(inner) if isinstance(inner, BaseException) else None


def _translated(store: str, error: S3Error) -> HanyinError:
    if error.code == _SKEWED:
        return Unavailable(
            f"存储 {store} 拒绝：本机与存储的时钟不一致（{error.code}）；请用 NTP 校准时钟",
            f"the store {store} refuses: this machine's clock and the store's differ"
            f" ({error.code}); set the clock, by NTP",
        )
    reason = _REFUSALS.get(error.code or "")
    if reason:
        return Misconfigured(
            f"存储 {store} 拒绝：{reason.zh}（{error.code}）；请查看 "
            "HANYIN_STORAGE_URL、HANYIN_STORAGE_ACCESS_KEY 和 HANYIN_STORAGE_SECRE"
            "T_KEY",
            f"the store {store} refuses: {reason.en} ({error.code}); see HANYIN_STORAGE_URL,"
            " HANYIN_STORAGE_ACCESS_KEY and HANYIN_STORAGE_SECRET_KEY",
        )
    return Unavailable(
        f"存储 {store} 答复 {error.code}", f"the store {store} answered {error.code}"
    )
