"""The plain way: each library as its own documentation calls it, one letter after another.

A worker: ``python -m bench.plain``, its place in JSON on standard input. It takes letters that
are decided already, which spares it Hanyin's rules, and loads its key once, which spares it a
read a letter.
"""

import hashlib
import io
import json
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pika
import psycopg
from docxtpl import DocxTemplate
from minio import Minio
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from bench.unoserver import unoserver
from templates.catalogue import HOME

#: PDF/A-2b, and blank pages kept, as Hanyin asks LibreOffice
_OPTIONS = ["SelectPdfVersion=2", "IsSkipEmptyPages=false", "ExportBookmarksToPDFDestination=true"]
#: messages taken ahead of the work
_PREFETCH = 4


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a worker works."""

    folder: str
    fonts: str
    broker: str
    database: str
    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    key_file: str


class Worker:
    """One worker with its own connections and its own unoserver."""

    def __init__(self, place: Place, client: Any) -> None:
        self.seconds: dict[str, float] = {}
        self._place, self._client = place, client
        self._signer = signers.SimpleSigner.load_pkcs12(pfx_file=place.key_file, passphrase=b"x")
        self._store = Minio(
            place.endpoint,
            access_key=place.access_key,
            secret_key=place.secret_key,
            secure=False,
        )
        self._database = psycopg.connect(place.database)
        self._channel = pika.BlockingConnection(pika.URLParameters(place.broker)).channel()
        self._channel.confirm_delivery()
        self._channel.basic_qos(prefetch_count=_PREFETCH)

    def work(self) -> None:
        """Letters are made until the message that says stop."""
        for method, _, body in self._channel.consume("plain.in"):
            letter = json.loads(body)
            if letter:
                self.make(letter)
            self._channel.basic_ack(method.delivery_tag)
            if not letter:
                self._channel.cancel()
                return

    def make(self, letter: dict[str, Any]) -> None:
        """The letter is filled, converted, sealed, stored, written down and announced."""
        with self._timed("convert"):
            pdf = self._converted(letter["kind"], letter["data"])
            record = letter["record"] and self._converted("service_record", letter["record"])
        with self._timed("seal"):
            sealed = self._sealed(pdf)
        with self._timed("store"):
            self._put(f"{letter['id']}.pdf", sealed)
            if record:
                self._put(f"{letter['id']}-record.pdf", record)
        with self._timed("announce"):
            self._announce(letter["id"], hashlib.sha256(sealed).hexdigest())

    def _converted(self, kind: str, data: dict[str, Any]) -> bytes:
        template = DocxTemplate(HOME / kind / "template.docx")
        template.render(data, autoescape=True)
        buffer = io.BytesIO()
        template.save(buffer)
        pdf: bytes = self._client.convert(
            indata=buffer.getvalue(),
            convert_to="pdf",
            filtername="writer_pdf_Export",
            filter_options=_OPTIONS,
        )
        return pdf

    def _sealed(self, pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        facts = signers.PdfSignatureMetadata(
            field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
        )
        content: bytes = signers.sign_pdf(writer, facts, signer=self._signer).getvalue()
        return content

    def _put(self, name: str, content: bytes) -> None:
        self._store.put_object(
            self._place.bucket, name, io.BytesIO(content), len(content), "application/pdf"
        )

    def _announce(self, name: str, digest: str) -> None:
        with self._database.transaction():
            self._database.execute(
                "insert into letters (id, sha256, at) values (%s, %s, %s)",
                (name, digest, time.time()),
            )
        self._channel.basic_publish("", "plain.out", name.encode(), mandatory=True)

    def _timed(self, stage: str) -> "_Timer":
        return _Timer(self.seconds, stage)


class _Timer:
    def __init__(self, seconds: dict[str, float], stage: str) -> None:
        self._seconds, self._stage = seconds, stage

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_: object) -> None:
        spent = time.monotonic() - self._since
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + spent


def main() -> None:
    # what was started is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    place = Place(**json.loads(sys.stdin.readline()))
    with unoserver(Path(place.folder), Path(place.fonts)) as client:
        worker = Worker(place, client)
        sample = json.loads((HOME / "audit_opinion" / "sample.json").read_text())
        worker._converted("audit_opinion", sample)
        print("warm", flush=True)
        worker.work()
        print(json.dumps(worker.seconds), flush=True)


if __name__ == "__main__":
    main()
