"""Codes of what ``hanyin verify`` asks beside the file itself."""

from schemas.code import Code

QUESTION_CODES = (
    Code(
        name="number_contradicted",
        meaning="the page shows another number than the signature names",
        zh="页面上的文号与签名所载的文号不一致",
        en="The page shows another number than the signature names.",
    ),
    Code(
        name="number_not_printed",
        meaning="no page shows a number that could be compared with the one the signature names",
        zh="页面上没有找到文号，未能与签名所载文号核对",
        en="No page shows a number that could be compared with the one that the signature names.",
        warning=True,
    ),
    Code(
        name="folder_empty",
        meaning="the folder to verify has no file in it",
        zh="文件夹中没有文件",
        en="The folder has no file in it.",
    ),
    Code(
        name="letter_of_another",
        meaning="the letter is genuine and not of the agency that --agency asks for",
        zh="文书不是由经办机构 {agency}（或其署名部门）签章",
        en="The letter was not sealed by agency {agency} or one of its bodies.",
        warning=True,
    ),
)
