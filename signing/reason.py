"""What a seal's /Reason says: that the document with this number is issued."""

#: what stands before the number in the signature's /Reason
REASON = "签发 "
