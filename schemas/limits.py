"""How long a text may be: the one table for the contract's fields, the ledger and spreadsheets.

Characters (Unicode code points). What the contract takes, the ledger holds: a field, the column
that it flows into and the cell that it comes from have their length from here, and
``tests/unit/test_limits.py`` compares them.
"""

#: code of an agency (行政区划代码, GB/T 2260)
AGENCY = 6
CASE_NO = 100
#: identifiers of other systems: receipt, personal number, telephone, reference
KEY = 100
#: a person's name (rule for data: 1–80)
NAME = 80
#: one line of free text
TEXT = 500
#: facts, findings, grounds
LONG_TEXT = 10_000
#: entries of any list
LIST = 500
#: id, source and type of an envelope, and whatever a rejection names of it
ENVELOPE = 200
SHORTEST_ACCOUNT_NUMBER, ACCOUNT_NUMBER = 8, 32
#: CNAPS
BANK_CODE = 12

#: a number series with its 字
SERIES = 40
#: 字〔2026〕第12号: a series, 17 characters at most, and room
DOCUMENT_NUMBER = 80
#: UUID with its hyphens
IDENTIFIER = 36
#: hexadecimal
SHA256 = 64
#: words of our own: kinds, roles, states, levels
WORD = 40
#: names of our own: actors, actions, types of messages
LABEL = 80
#: names of exchanges and of claims
OWN_NAME = 64
#: whom or what a row of the trail is about: ``<agency>/<case number>``, ``<agency> <number>``
SUBJECT = AGENCY + 1 + max(CASE_NO, DOCUMENT_NUMBER)
#: a short string of AMQP 0-9-1 (3.1: 255 bytes): exchange, routing key, user
SHORT_STRING = 255
#: whom a day's quotas are counted for: ``user `` or ``source `` and its name
SPEAKER = len("source ") + SHORT_STRING
#: the embedded broker's tag of a message (a UUID; any text in a hostile row), a colon, its row
DELIVERY_TAG = 60
DELIVERY_ID = DELIVERY_TAG + 1 + 19
