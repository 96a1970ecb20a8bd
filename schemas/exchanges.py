"""The exchanges of the contract: cases come in by two, the others are for whoever listens."""

EVENTS = "hanyin.events"
#: that banks answer to
RECEIPTS = "hanyin.receipts"
LETTERS = "hanyin.letters"
DOCUMENTS = "hanyin.documents"
REJECTIONS = "hanyin.rejections"
#: what could not be received
DEAD = "hanyin.dead"
