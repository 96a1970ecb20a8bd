"""Names of what a document prints that hold the number of another one."""

NOTICE_NUMBER, OPINION_NUMBER, AGREEMENT_NUMBER, NEW_STOP_NUMBER = (
    "notice_number",
    "opinion_number",
    "agreement_number",
    "new_stop_number",
)
#: a case may have neither notice nor opinion in force
NO_NUMBERS = {NOTICE_NUMBER: "", OPINION_NUMBER: ""}
