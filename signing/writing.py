"""Files appended to: what stands there stays, byte for byte."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.reading import install

# what is appended to was written here, and is read faster so
install()


class Writer(IncrementalPdfFileWriter):
    """Leaves /Info and XMP alone: PDF/A wants them equal, and the letter's are right."""

    def _update_meta(self) -> None:
        pass

    def _populate_trailer(self, trailer: generic.DictionaryObject) -> None:
        super()._populate_trailer(trailer)  # type: ignore[no-untyped-call]
        # LibreOffice's checksum of its own bytes is wrong from now on
        trailer.pop("/DocChecksum", None)
