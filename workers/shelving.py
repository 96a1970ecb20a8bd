"""The shelf: what is pinned goes into the archive, under its key, for its agency's years."""

from datetime import date

from archive import Archive
from archive.keys import object_key
from ledger.attachments import PinnedAttachment, StoredAttachment
from schemas.configuration import Directory
from schemas.documents import PlannedDocument, StoredObject

#: years of an agency that the directory no longer has (社会保险业务档案管理规定 附表 九(一))
_YEARS = 30


class Shelf:
    """Puts documents and what stands with them; putting the same again finds it there."""

    def __init__(self, archive: Archive, directory: Directory) -> None:
        self._archive = archive
        self._directory = directory

    def put_document(
        self, document: PlannedDocument, content: bytes, sha256: str, *, new: bool = False
    ) -> StoredObject:
        """The sealed ``content`` of ``document`` is stored; ``new`` as in ``Archive.put``."""
        key = object_key(
            agency=document.agency,
            year=document.number.year,
            document_id=document.document_id,
            sha256=sha256,
        )
        until = self.retain_until(document.agency, document.issued_on)
        return self._archive.put(
            key,
            content,
            sha256=sha256,
            retain_until=until,
            content_type="application/pdf",
            new=new,
        )

    def put_attachment(
        self, attachment: PinnedAttachment, *, new: bool = False
    ) -> StoredAttachment:
        """The attachment is stored beside its document and kept as long; ``new`` as above."""
        key = object_key(
            agency=attachment.agency,
            year=attachment.year,
            document_id=attachment.document_id,
            sha256=attachment.sha256,
            media_type=attachment.media_type,
        )
        until = self.retain_until(attachment.agency, attachment.issued_on)
        place = self._archive.put(
            key,
            attachment.content,
            sha256=attachment.sha256,
            retain_until=until,
            content_type=attachment.media_type,
            new=new,
        )
        return StoredAttachment(
            attachment_id=attachment.attachment_id, place=place, retain_until=until
        )

    def retain_until(self, agency: str, issued_on: date) -> date:
        """Terms count from 1 January of the year after the making (令第3号, 2009)."""
        found = self._directory.agency(agency)
        years = found.retention_years if found else _YEARS
        return date(issued_on.year + 1 + years, 1, 1)

    def close(self) -> None:
        """The archive's connections are given back."""
        self._archive.close()
