"""Where the tests' servers are, as variables: set by ``python -m tests.servers run`` or by hand."""

import os
from urllib.parse import unquote, urlsplit

from tests.servers.rabbitmq import RabbitMQ
from tests.servers.s3 import S3Store

#: amqp://user:password@host:port/
RABBITMQ = "HANYIN_TEST_RABBITMQ_URL"
#: what ``RabbitMQ.to_json`` wrote: the node can be commanded, and every test gets a virtual host
RABBITMQ_CONTROL = "HANYIN_TEST_RABBITMQ_CONTROL"
#: postgresql+psycopg://user:password@host:port, of a user who may create databases
POSTGRESQL = "HANYIN_TEST_POSTGRESQL_URL"
#: s3+http(s)://access-key:secret-key@host:port, whose owner may create buckets with object lock
S3 = "HANYIN_TEST_S3_URL"
#: 1 where that store is moto's, which has no true object lock
S3_MOTO = "HANYIN_TEST_S3_MOTO"


def rabbitmq_address() -> RabbitMQ | None:
    """The node that we may command; None where no variable names one."""
    text = os.environ.get(RABBITMQ_CONTROL)
    return RabbitMQ.from_json(text) if text else None


def postgresql_address() -> str | None:
    """The cluster's URL without a database; None where no variable names it."""
    return os.environ.get(POSTGRESQL) or None


def s3_address() -> S3Store | None:
    """The store; None where no variable names it."""
    url = os.environ.get(S3)
    if not url:
        return None
    parts = urlsplit(url)
    return S3Store(
        endpoint=parts.netloc.rpartition("@")[2],
        secure=parts.scheme == "s3+https",
        access_key=unquote(parts.username or ""),
        secret_key=unquote(parts.password or ""),
        locks=not os.environ.get(S3_MOTO),
    )
