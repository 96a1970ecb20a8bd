"""The codes of spreadsheets: what is wrong with a file, a sheet, a row or a cell."""

from schemas.code import Code

SHEET_CODES = (
    Code(
        name="sheet_format",
        meaning="the file is of a kind that is not read: old, encrypted, binary or with macros",
        zh="不能读取 {kind} 文件；请在 Excel 或 WPS 中另存为不带密码、不带宏的 .xlsx（或 CSV）",
        en="{kind} files are not read; save it as .xlsx without password and macros, or as CSV.",
    ),
    Code(
        name="sheet_unreadable",
        meaning="the file is damaged, or no workbook at all",
        zh="文件损坏或不是工作簿；请在 Excel 或 WPS 中重新另存为 .xlsx",
        en="The file is damaged or no workbook; save it as .xlsx once more.",
    ),
    Code(
        name="sheet_too_large",
        meaning="the file, its unpacked parts, its rows or its columns are more than are taken",
        zh="文件过大：{what_zh}最多 {limit}；请分成几个文件",
        en="The file is too large: at most {limit} {what}; split it into several files.",
    ),
    Code(
        name="sheet_unsafe",
        meaning="the workbook holds macros, links to other workbooks or declarations of entities",
        zh="工作簿含有{what_zh}，不予读取；请把数据复制到新的模板中",
        en="The workbook holds {what} and is not read; copy the data into a new template.",
    ),
    Code(
        name="sheet_encoding",
        meaning="a CSV file is neither UTF-8 nor GB18030",
        zh="CSV 文件既不是 UTF-8 也不是 GB18030（GBK）编码；请重新另存",
        en="The CSV file is neither UTF-8 nor GB18030 (GBK); save it once more.",
    ),
    Code(
        name="sheet_quotes",
        meaning="the quotes of a CSV file do not pair",
        zh="CSV 第 {line} 行的引号不成对",
        en="The quotes in line {line} of the CSV file do not pair.",
    ),
    Code(
        name="sheet_unknown",
        meaning="a sheet with content whose name the template does not have",
        zh="模板中没有这个工作表；工作表只能是{allowed}，其他的请删除",
        en="The template has no such sheet; the sheets are {allowed}. Delete others.",
    ),
    Code(
        name="sheet_hidden",
        meaning="a sheet with content is hidden: what nobody sees is not sent",
        zh="工作表被隐藏；请取消隐藏并核对，或删除",
        en="The sheet is hidden; show and check it, or delete it.",
    ),
    Code(
        name="sheet_merged",
        meaning="cells of a sheet are merged, so it is not clear which rows a value belongs to",
        zh="单元格 {cells} 是合并的；请取消合并，逐行填写",
        en="Cells {cells} are merged; unmerge them and fill each row.",
    ),
    Code(
        name="row_hidden",
        meaning="a row with content is hidden, mostly by a filter: what nobody sees is not sent",
        zh="本行被隐藏（如被筛选掉）；请取消筛选或取消隐藏并核对，或删除本行",
        en="The row is hidden, perhaps by a filter; show and check it, or delete it.",
    ),
    Code(
        name="column_hidden",
        meaning="a filled cell stands in a hidden column: what nobody sees is not sent",
        zh="第 {column} 列被隐藏而本行填有内容；请取消隐藏并核对，或清空",
        en="Column {column} is hidden and filled in this row; show and check it, or empty it.",
    ),
    Code(
        name="sheet_strict",
        meaning="the workbook is saved as Strict Open XML, which is not read",
        zh="文件是“Strict Open XML 工作簿”；请另存为“Excel 工作簿（.xlsx）”",
        en="The file is a Strict Open XML Spreadsheet; save it as Excel Workbook (.xlsx).",
    ),
    Code(
        name="sheet_empty",
        meaning="no row of the file is filled in",
        zh="文件中没有填写任何行",
        en="No row of the file is filled in.",
    ),
    Code(
        name="heading_missing",
        meaning="the row of headings was not found near the top, or the separator is another one",
        zh="前 {rows} 行中没有找到表头（须有“{heading}”列；CSV 以逗号、分号或制表符分隔）",
        en="No headings in the first {rows} rows (there is a column {heading}; "
        "CSV is separated by comma, semicolon or tab).",
    ),
    Code(
        name="column_missing",
        meaning="a column that must be filled is not there",
        zh="缺少“{heading}”列",
        en="The column {heading} is missing.",
    ),
    Code(
        name="column_repeated",
        meaning="two columns have the same heading",
        zh="有两列的表头都是“{heading}”",
        en="Two columns have the heading {heading}.",
    ),
    Code(
        name="column_unknown",
        meaning="a column with a heading that the template does not have, or with none",
        zh="模板中没有第 {column} 列的表头；请改正表头，或删除该列",
        en="The template has no such heading (column {column}); correct it, or delete the column.",
    ),
)

CELL_CODES = (
    Code(
        name="cell_formula",
        meaning="a cell holds a formula, whose result is not the cell's own",
        zh="单元格是公式；请复制后“选择性粘贴—数值”",
        en="The cell is a formula; paste it as a value.",
    ),
    Code(
        name="cell_error",
        meaning="a cell holds an error value such as #N/A",
        zh="单元格是错误值；请重新填写",
        en="The cell is an error value; fill it in again.",
    ),
    Code(
        name="cell_no_value",
        meaning="a cell holds the word that programs write for a missing value, such as NULL",
        zh="“{word}”是程序导出时表示“没有值”的字样；请填写真实内容，没有的请留空",
        en="{word} is what programs write for a missing value; fill it in, or leave it empty.",
    ),
    Code(
        name="cell_type",
        meaning="a cell holds another kind of value than its column",
        zh="此处应填{expected_zh}",
        en="This must be {expected}.",
    ),
    Code(
        name="cell_number",
        meaning="a number cell where digits are text: leading zeros may be gone",
        zh="此处是数值，前面的 0 可能已丢失；请把单元格设为“文本”格式，对照原件重新录入",
        en="This is a number cell, leading zeros may be lost; "
        "format it as text and type the digits again from the original.",
    ),
    Code(
        name="cell_digits_lost",
        meaning="the spreadsheet program kept 15 digits of a longer number and lost the rest",
        zh="数字只保留了前 15 位，其余已被表格软件改掉；请设为“文本”格式，对照原件重新录入"
        "（CSV 中确以 0 结尾的，请改用 XLSX 模板）",
        en="Only 15 digits are left, the program changed the others; format the cell as text and "
        "type the number again (where it truly ends so, use the XLSX template, not CSV).",
    ),
    Code(
        name="amount_decimals",
        meaning="an amount has more than two decimals: it was calculated and not rounded",
        zh="金额多于两位小数（实际值 {amount}）；请四舍五入到分后填写",
        en="The amount has more than two decimals (it is {amount}); round it to the fen.",
    ),
    Code(
        name="cell_choice",
        meaning="a word or code that the column does not have",
        zh="应为：{allowed}",
        en="One of: {allowed}.",
    ),
    Code(
        name="cell_date",
        meaning="a cell is neither a date nor a month that can be read without guessing",
        zh="无法识别的日期或月份；请填写如 {example}",
        en="Not a date or month that can be read without guessing; write it like {example}.",
    ),
    Code(
        name="sample_value",
        meaning="a value of the template's sample row",
        zh="这是模板示例行的内容；请填写真实内容，或删除该行",
        en="This is the template's sample; fill in your own, or delete the row.",
    ),
    Code(
        name="column_unexpected",
        meaning="a cell is filled that the chosen way of repayment does not have",
        zh="退还方式为“{method_zh}”时不填此列",
        en="With the way of repayment {method} this column stays empty.",
    ),
    Code(
        name="row_homeless",
        meaning="a row names no case of the case sheet; none of the file's cases is sent",
        zh="案件表中没有此案号，无法判断本行属于哪个案件，因此本文件的案件一个都不发送",
        en="The case sheet has no such case; as nobody can say whose row this is, "
        "no case of this file is sent.",
    ),
    Code(
        name="row_repeated",
        meaning="the same case, or the same receipt of a case, stands in another row too",
        zh="与 {other} 重复",
        en="The same stands at {other}.",
    ),
    Code(
        name="accepted_otherwise",
        meaning="the row was accepted (or waits) with another content; it is not sent again",
        zh="本行以前已发布且已受理（或正在等待处理），这里的内容与当时不同；不再发送。"
        "更正已受理的内容须发布更正或冲正事件",
        en="This row was published before and is accepted (or waits), with another content here; "
        "it is not sent. What is accepted is changed by a correction or reversal.",
    ),
)
