"""The tables of the ledger; ``migrations/`` makes them, a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from ledger.instants import Instant
from schemas import limits

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Sequence = BigInteger().with_variant(Integer, "sqlite")
#: text that sorts by code point, as ``workers.settling`` does, whatever the database's own order
_ByCodePoint = Text().with_variant(Text(collation="C"), "postgresql")
_Json = JSON(none_as_null=True)

#: every message that ever came, whole, with what became of it
inbox = Table(
    "inbox",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("received_at", Instant, nullable=False),
    # the transport's own id of this copy of the message, where it has one
    Column("delivery_id", String(limits.DELIVERY_ID), unique=True),
    Column("exchange", String(limits.SHORT_STRING), nullable=False),
    Column("routing_key", String(limits.SHORT_STRING), nullable=False),
    Column("user_id", String(limits.SHORT_STRING)),
    # whose id it takes where it is accepted or parked (``workers.permission.Speaker.space``)
    Column("speaker", String(limits.SHORT_STRING), nullable=False, server_default=""),
    Column("raw", LargeBinary, nullable=False),
    # bytes of a message that was too large to be kept, of which raw is the head; null: raw is whole
    Column("raw_size", BigInteger),
    Column("raw_sha256", String(limits.SHA256), nullable=False),
    # read from the envelope as far as it could be read; null otherwise
    Column("source", _ByCodePoint),
    Column("event_id", Text),
    Column("type", Text),
    Column("time", Instant),
    Column("agency", Text),
    Column("case_no", Text),
    # SHA-256 of the canonical JSON (RFC 8785); null where it is not JSON
    Column("content_sha256", String(limits.SHA256)),
    Column("state", String(limits.WORD), nullable=False),
    # work begun on it alone and not finished; with others: see ``in_batch``
    Column("attempts", Integer, nullable=False, server_default="0"),
    # work has begun on it together with others: if its worker dies, each is done alone
    Column("in_batch", Boolean, nullable=False, server_default=false()),
    Column("problems", _Json),
    Column("warnings", _Json),
    Column("settled_at", Instant),
    Index("ix_inbox_state_seq", "state", "seq"),
    # the events of a case in the order in which they are applied
    Index("ix_inbox_in_order", "agency", "case_no", "state", "time", "source", "seq"),
    Index(
        "ix_inbox_tried",
        "attempts",
        "seq",
        sqlite_where=text("state = 'received' AND attempts > 0"),
        postgresql_where=text("state = 'received' AND attempts > 0"),
    ),
    Index(
        "ix_inbox_parked_since",
        "settled_at",
        sqlite_where=text("state = 'parked'"),
        postgresql_where=text("state = 'parked'"),
    ),
    Index(
        "ix_inbox_parked",
        "agency",
        "case_no",
        sqlite_where=text("state = 'parked'"),
        postgresql_where=text("state = 'parked'"),
    ),
    # an accepted or parked event takes its id (CONTRACT, "Same again")
    Index(
        "uq_inbox_taken",
        "source",
        "event_id",
        "speaker",
        unique=True,
        sqlite_where=text("state IN ('applied', 'parked')"),
        postgresql_where=text("state IN ('applied', 'parked')"),
    ),
)

#: a row may be a stub (``body`` null): locked first, so that parking and opening cannot miss
cases = Table(
    "cases",
    metadata,
    Column("agency", String(limits.AGENCY), primary_key=True),
    Column("case_no", String(limits.CASE_NO), primary_key=True),
    Column("state", String(limits.WORD)),
    Column("body", _Json),
    Column("opened_at", Instant),
    Column("changed_at", Instant),
    # it has opened, and events that were parked for it are still to be applied
    Column("parked_due", Boolean, nullable=False, server_default=false()),
    Index(
        "ix_cases_parked_due",
        "agency",
        "case_no",
        sqlite_where=text("parked_due = 1"),
        postgresql_where=text("parked_due"),
    ),
)

#: what a speaker has used up of a day's quotas, in all (agency and case_no "") and for a case
usage = Table(
    "usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("speaker", String(limits.SPEAKER), primary_key=True),
    Column("agency", String(limits.AGENCY), primary_key=True),
    Column("case_no", String(limits.CASE_NO), primary_key=True),
    Column("parked", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    # the alarm that a quota is used up was raised
    Column("warned", Boolean, nullable=False),
)

#: one row a series of an agency; dates and numbers only grow
series = Table(
    "series",
    metadata,
    Column("agency", String(limits.AGENCY), primary_key=True),
    Column("series", String(limits.SERIES), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_date", Date, nullable=False),
)

#: every number ever drawn, with its document
documents = Table(
    "documents",
    metadata,
    Column("document_id", String(limits.IDENTIFIER), primary_key=True),
    Column("agency", String(limits.AGENCY), nullable=False),
    Column("case_no", String(limits.CASE_NO), nullable=False),
    Column("kind", String(limits.WORD), nullable=False),
    Column("series", String(limits.SERIES), nullable=False),
    Column("year", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("number", String(limits.DOCUMENT_NUMBER), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("state", String(limits.WORD), nullable=False),
    Column("role", String(limits.WORD), nullable=False),
    Column("recipient_name", Text),
    Column("bank_code", String(limits.BANK_CODE)),
    Column("account_number", String(limits.ACCOUNT_NUMBER)),
    Column("data", _Json, nullable=False),
    # who it is issued by: the agency, or a body beside it
    Column("issuer", String(limits.WORD), nullable=False, server_default="agency"),
    # what it was made from beside the case's facts; with it the document can be made anew
    Column("basis", _Json),
    # names of data that hold another document's number → that document's id
    Column("numbers", _Json),
    Column("inbox_seq", _Sequence, ForeignKey("inbox.seq"), nullable=False),
    Column("about", String(limits.IDENTIFIER)),
    Column("waits_for", String(limits.IDENTIFIER)),
    Column("replaces", String(limits.IDENTIFIER)),
    Column("replaced_by", String(limits.IDENTIFIER)),
    Column("void_reason", Text),
    # {name, post} of the person who approved it; null where the rules voided it
    Column("void_approver", _Json),
    Column("receipts", _Json),
    Column("services", _Json),
    # who drafted, checked and approved it, and when: {drafted, checked, approved}
    Column("signoff", _Json),
    Column("planned_at", Instant, nullable=False),
    # stop letters first
    Column("priority", Integer, nullable=False),
    # the work on it
    Column("claim_token", String(limits.IDENTIFIER)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # how often a worker ended with it in hand, whoever's fault that was
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", Instant),
    Column("error", _Json),
    # what came of it
    Column("sealed_sha256", String(limits.SHA256)),
    Column("pinned", LargeBinary),
    Column("sealed_at", Instant),
    Column("size", BigInteger),
    Column("pages", Integer),
    Column("certificate", _Json),
    # PAdES level: reached when it was sealed; wanted, below which the archive raises it later
    Column("level", String(limits.WORD)),
    Column("level_wanted", String(limits.WORD)),
    # when the authority of the sealed file's document time stamp ends; null without one
    Column("stamp_until", Instant),
    # of the Word file that it was made from; null for letters of before 0014
    Column("template_sha256", String(limits.SHA256)),
    Column("storage_key", Text),
    Column("version_id", Text),
    Column("retain_until", Date),
    Column("archived_at", Instant),
    # a bank letter: when it was first handed to the broker, and when the broker confirmed it
    Column("leaving_at", Instant),
    Column("sent_at", Instant),
    UniqueConstraint("agency", "series", "year", "seq"),
    ForeignKeyConstraint(["agency", "case_no"], ["cases.agency", "cases.case_no"]),
    Index("ix_documents_agency_case_no", "agency", "case_no"),
    Index("ix_documents_number", "number"),
    # the queue of production stays small however large the ledger grows
    Index(
        "ix_documents_work",
        "priority",
        "document_id",
        sqlite_where=text("state IN ('planned', 'pinned')"),
        postgresql_where=text("state IN ('planned', 'pinned')"),
    ),
    # void between seal and store: what is sealed is kept, so it is still to be stored
    Index(
        "ix_documents_void_pinned",
        "document_id",
        sqlite_where=text("state = 'void' AND pinned IS NOT NULL"),
        postgresql_where=text("state = 'void' AND pinned IS NOT NULL"),
    ),
    Index("ix_documents_replaces", "replaces"),
    Index("ix_documents_state", "state"),
    Index("ix_documents_about", "about"),
    # the letters about a card, whatever case they are of
    Index(
        "ix_documents_account_number",
        "account_number",
        sqlite_where=text("account_number IS NOT NULL"),
        postgresql_where=text("account_number IS NOT NULL"),
    ),
    # what failed and is tried again by itself
    Index(
        "ix_documents_failed_again",
        "next_attempt_at",
        sqlite_where=text("state = 'failed' AND next_attempt_at IS NOT NULL"),
        postgresql_where=text("state = 'failed' AND next_attempt_at IS NOT NULL"),
    ),
    # what a deadline may run for, by when it was archived
    Index("ix_documents_kind_archived_at", "kind", "archived_at"),
    # letters that no bank has answered, in the order of their book
    Index(
        "ix_documents_unanswered",
        "sent_at",
        "agency",
        "series",
        "year",
        "seq",
        sqlite_where=text("receipts IS NULL AND sent_at IS NOT NULL"),
        postgresql_where=text("receipts IS NULL AND sent_at IS NOT NULL"),
    ),
)

#: documents whose deadlines are to be looked at, and from which day on: few, however many are done.
#: No foreign key: the table is made in a ledger that goes on working
watched = Table(
    "watched",
    metadata,
    Column("document_id", String(limits.IDENTIFIER), primary_key=True),
    # 1970-01-01: something about it has changed, it is looked at now
    Column("look_on", Date, nullable=False),
    Index("ix_watched_look_on", "look_on", "document_id"),
)

#: deadlines that passed and were told, once for each document and kind of deadline
deadlines = Table(
    "deadlines",
    metadata,
    Column(
        "document_id",
        String(limits.IDENTIFIER),
        ForeignKey("documents.document_id"),
        primary_key=True,
    ),
    Column("deadline", String(limits.WORD), primary_key=True),
    Column("last_day", Date, nullable=False),
    Column("told_at", Instant, nullable=False),
    # it was answered, served or paid since, or nobody waits for that any more
    Column("met", Boolean, nullable=False, server_default=false()),
    # what is due is counted, and listed in the order of its book, however much was met
    Index(
        "ix_deadlines_unmet",
        "deadline",
        "last_day",
        "document_id",
        sqlite_where=text("met = 0"),
        postgresql_where=text("NOT met"),
    ),
)

#: files that stand with a document: its service record, its signed copy
attachments = Table(
    "attachments",
    metadata,
    Column("attachment_id", String(limits.IDENTIFIER), primary_key=True),
    Column(
        "document_id",
        String(limits.IDENTIFIER),
        ForeignKey("documents.document_id"),
        nullable=False,
    ),
    # 1, 2, 3 … in its document
    Column("position", Integer, nullable=False),
    Column("role", String(limits.WORD), nullable=False),
    Column("media_type", String(limits.WORD), nullable=False),
    Column("sha256", String(limits.SHA256), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    # the file's own name, cleaned, and who brought it; null for what was made here
    Column("file_name", Text),
    Column("brought_by", Text),
    # of the Word file that it was made from; null for what was brought
    Column("template_sha256", String(limits.SHA256)),
    Column("added_at", Instant, nullable=False),
    # the bytes, until they are stored
    Column("pinned", LargeBinary),
    Column("storage_key", Text),
    Column("version_id", Text),
    Column("retain_until", Date),
    Column("archived_at", Instant),
    UniqueConstraint("document_id", "position"),
    # the same bytes again are the same attachment
    UniqueConstraint("document_id", "sha256"),
    Index(
        "ix_attachments_work",
        "attachment_id",
        sqlite_where=text("pinned IS NOT NULL"),
        postgresql_where=text("pinned IS NOT NULL"),
    ),
)

#: the documents that a document lists as its attachments, in order
enclosures = Table(
    "enclosures",
    metadata,
    Column(
        "document_id",
        String(limits.IDENTIFIER),
        ForeignKey("documents.document_id"),
        primary_key=True,
    ),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column(
        "enclosed_id",
        String(limits.IDENTIFIER),
        ForeignKey("documents.document_id"),
        nullable=False,
    ),
)

#: what the archive added behind sealed bytes later: files beside, whole, numbered 1, 2, 3 …
renditions = Table(
    "renditions",
    metadata,
    Column(
        "document_id",
        String(limits.IDENTIFIER),
        ForeignKey("documents.document_id"),
        primary_key=True,
    ),
    Column("seq", Integer, primary_key=True),
    # the file that it was made of: the sealed one, or the rendition before
    Column("base_sha256", String(limits.SHA256), nullable=False),
    Column("sha256", String(limits.SHA256), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("level", String(limits.WORD), nullable=False),
    # when the authority of its last time stamp ends: renewed before
    Column("stamp_until", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    # the bytes, until they are stored
    Column("pinned", LargeBinary),
    Column("storage_key", Text),
    Column("version_id", Text),
    Column("stored_at", Instant),
)

#: messages that have to leave
outbox = Table(
    "outbox",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("message_id", String(limits.IDENTIFIER), nullable=False, unique=True),
    Column("exchange", String(limits.OWN_NAME), nullable=False),
    Column("routing_key", String(limits.SHORT_STRING), nullable=False),
    Column("type", String(limits.LABEL), nullable=False),
    Column("envelope", _Json, nullable=False),
    # the document whose bytes travel in the message (``carries``) or that it is about
    Column("document_id", String(limits.IDENTIFIER), ForeignKey("documents.document_id")),
    Column("carries", Boolean, nullable=False),
    Column("state", String(limits.WORD), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", Instant),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("error", Text),
    Index(
        "ix_outbox_work",
        "seq",
        sqlite_where=text("state IN ('waiting', 'leaving')"),
        postgresql_where=text("state IN ('waiting', 'leaving')"),
    ),
    # destinations that are held back: few, and looked for before every message
    Index(
        "ix_outbox_held",
        "next_attempt_at",
        sqlite_where=text("next_attempt_at IS NOT NULL AND state IN ('waiting', 'leaving')"),
        postgresql_where=text("next_attempt_at IS NOT NULL AND state IN ('waiting', 'leaving')"),
    ),
    Index("ix_outbox_document_id", "document_id"),
)

#: many old events' bytes, or old messages, in one compressed row (``ledger.packs``)
packs = Table(
    "packs",
    metadata,
    # events or messages
    Column("holds", String(limits.WORD), primary_key=True),
    Column("first_seq", _Sequence, primary_key=True, autoincrement=False),
    Column("last_seq", _Sequence, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

#: work that only one process may do at a time (relay, reconcile)
claims = Table(
    "claims",
    metadata,
    Column("name", String(limits.OWN_NAME), primary_key=True),
    Column("token", String(limits.IDENTIFIER)),
    Column("lease_until", Instant),
)

#: who did what, when; rows are only ever added
trail = Table(
    "trail",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(limits.LABEL), nullable=False),
    Column("action", String(limits.LABEL), nullable=False),
    Column("subject", String(limits.SUBJECT)),
    Column("alarm", Boolean, nullable=False),
    Column("details", _Json),
    Index("ix_trail_subject", "subject"),
    # alarms are few, and counted often
    Index(
        "ix_trail_alarms",
        "action",
        sqlite_where=text("alarm = 1"),
        postgresql_where=text("alarm"),
    ),
)

#: what became of each alarm in the trail
alarms = Table(
    "alarms",
    metadata,
    Column("seq", _Sequence, ForeignKey("trail.seq"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    # an open one has none
    Column("done_at", Instant),
    # who said so; null where it ended by itself
    Column("done_by", String(limits.NAME)),
    # it was looked at whether what somebody marked as done is true all the same
    Column("checked", Boolean, nullable=False, server_default=false()),
    # tries at telling it to the webhook, and when the next is due; null: none is
    Column("posts", Integer, nullable=False, server_default="0"),
    Column("post_at", Instant),
    Index(
        "ix_alarms_post_at",
        "post_at",
        sqlite_where=text("post_at IS NOT NULL"),
        postgresql_where=text("post_at IS NOT NULL"),
    ),
    # open ones, and those that are to be checked, are few among all that are over
    Index("ix_alarms_checked", "checked", "done_at"),
)
