"""Codes of files that people bring: scans attached to a document."""

from schemas.code import Code

FILE_CODES = (
    Code(
        name="document_not_archived",
        meaning="a file can be attached only to a document that is in the archive",
        zh="文书尚未归档，不能附上扫描件；归档之后再附",
        en="The document is not archived yet; attach the file when it is.",
        where="/number",
    ),
    Code(
        name="scan_too_large",
        meaning="the file has more bytes than HANYIN_ATTACHMENT_BYTES allows",
        zh="文件有 {size} 字节，超过上限 {limit}（HANYIN_ATTACHMENT_BYTES）；"
        "请降低扫描分辨率或分开扫描",
        en="The file has {size} bytes, more than {limit} (HANYIN_ATTACHMENT_BYTES): scan it at a"
        " lower resolution or in parts.",
        where="/file",
    ),
    Code(
        name="scan_type_unknown",
        meaning="the file's bytes are neither PDF nor PNG, JPEG or TIFF, whatever its name says",
        zh="文件内容不是 PDF、PNG、JPEG 或 TIFF（只看内容，不看文件名）；请重新扫描",
        en="The file's bytes are neither PDF nor PNG, JPEG or TIFF, whatever its name says: scan"
        " it anew.",
        where="/file",
    ),
    Code(
        name="scan_unreadable",
        meaning="the file is cut off, damaged, locked with a password, or too large to be a scan",
        zh="文件无法读取（{media_type}）：残缺、损坏、有口令，或页数、像素超出扫描件；请重新扫描",
        en="The file cannot be read as {media_type}: cut off, damaged, locked with a password, or"
        " larger than a scan: scan it anew.",
        where="/file",
    ),
    Code(
        name="scan_active",
        meaning="the PDF holds scripts, actions, links, annotations, forms, attached files, media,"
        " or is encrypted; paper has none of it",
        zh="PDF 中有纸上没有的内容（{what}）：脚本、动作、链接、批注、表单、附件、多媒体或加密；"
        "请打印后重新扫描",
        en="The PDF holds what paper does not ({what}): a script, action, link, annotation, form,"
        " attached file, media or encryption: print it and scan it anew.",
        where="/file",
    ),
    Code(
        name="scan_too_demanding",
        meaning="reading the file ended the process that reads, or took all its time or memory",
        zh="读取文件超出了允许的内存或时间（{seconds} 秒）；请降低扫描分辨率或分开扫描",
        en="Reading the file took more than the memory or time allowed ({seconds} s): scan it at a"
        " lower resolution or in parts.",
        where="/file",
    ),
)
