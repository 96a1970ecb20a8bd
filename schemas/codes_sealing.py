"""Codes of sealing, and of what a verification found."""

from schemas.code import Code

#: why an agency cannot seal now: its letters wait with their numbers (``CannotSeal``)
KEY_CODES = (
    Code(
        name="certificate_expired",
        meaning="the agency's certificate has expired; its letters wait for a new key",
        zh="印章证书（{subject}）已于 {until} 到期；请用 hanyin keys import 导入新证书，"
        "等待的文书随后自动用印",
        en="The certificate of {subject} expired on {until}; import a new key with"
        " `hanyin keys import`: what waits is sealed by itself then.",
    ),
    Code(
        name="certificate_not_yet_valid",
        meaning="the agency's certificate is valid only later; check the clock or the key",
        zh="印章证书（{subject}）自 {since} 起有效；请检查时钟，或更换证书",
        en="The certificate of {subject} is valid from {since} only; check the clock, or import"
        " another key.",
    ),
    Code(
        name="certificate_revoked",
        meaning="the agency's certificate or one above it was revoked; its letters wait",
        zh="印章证书（{subject}）已被吊销；请停用该密钥，并用 hanyin keys import 导入新证书",
        en="The certificate of {subject} is revoked; take the key out of use and import another"
        " with `hanyin keys import`.",
    ),
    Code(
        name="certificate_of_another",
        meaning="the certificate's subject names neither the agency nor what certificate_names has",
        zh="印章证书（{subject}）不是本机构的：其主体中没有 {names}；请更换证书，"
        "或在 agencies.seal.certificate_names 中写明应有的名称",
        en="The certificate of {subject} is another agency's: its subject has none of {names};"
        " use the right key, or set agencies.seal.certificate_names.",
    ),
    Code(
        name="certificate_chain",
        meaning="the certificates above the agency's are not at hand up to the root; letters hold"
        " the whole chain",
        zh="证书链不完整：缺少 {subject} 的签发者证书；请在 agencies.seal.certificate_file 或"
        " HANYIN_TRUST_FILES 中补齐，直到根证书",
        en="The chain is not complete: the certificate that issued {subject} is missing; add those"
        " up to the root to agencies.seal.certificate_file or HANYIN_TRUST_FILES.",
    ),
    Code(
        name="certificate_unfit",
        meaning="a verification would refuse what the agency's certificate seals, by its strength,"
        " use or path",
        zh="印章证书（{subject}）签署的文书会被验证拒绝：{why_zh}；请向签发机构申请文书签名证书",
        en="A verification would refuse what the certificate of {subject} seals: {why} Order one"
        " for document signing.",
    ),
    Code(
        name="key_trial_failed",
        meaning="a blank page that the agency's key sealed on trial did not pass verification",
        zh="用该密钥试盖的空白页未通过验证（{reasons}）；请检查证书与密钥是否相配、证书是否用于文书签名",
        en="A blank page that this key sealed on trial failed verification ({reasons}); see that"
        " certificate and key belong together and are meant for signing documents.",
    ),
    Code(
        name="revocation_unknown",
        meaning="revocation must be known (revocation = demand) and no responder answers",
        zh="无法确认印章证书是否被吊销（{what}）；设置要求必须确认（revocation = demand）",
        en="Whether the certificate is revoked cannot be told ({what}), and the setting"
        " revocation = demand asks for it.",
    ),
    Code(
        name="key_unusable",
        meaning="the agency's key, certificate or seal cannot be used as it is set up",
        zh="印章密钥或印模不能使用：{what}",
        en="The agency's key or seal cannot be used: {what}",
    ),
    Code(
        name="key_away",
        meaning="the hardware module or remote signer that holds the key does not answer",
        zh="保管印章密钥的设备或服务没有应答，将自动重试：{what}",
        en="What holds the agency's key does not answer; tried again by itself: {what}",
    ),
    Code(
        name="level_not_reached",
        meaning="time stamp servers or responders are away and lowest_level does not allow less",
        zh="时间戳或吊销信息暂不可得（{what}），而设置不允许低于 {lowest}；将自动重试",
        en="Time stamps or revocation data are not to be had ({what}) and lowest_level is"
        " {lowest}; tried again by itself.",
    ),
)

#: why a document cannot be sealed
SEAL_CODES = (
    Code(
        name="pdf_not_sealable",
        meaning="the rendered file is damaged, encrypted, signed already or of an unusual form",
        zh="待用印的 PDF 不合要求：{what}",
        en="The PDF to be sealed is not of the form that can be sealed: {what}.",
    ),
    Code(
        name="seal_off_page",
        meaning="the seal would stand partly outside the page; move the template's marker",
        zh="印章超出第 {page} 页的边缘；请移动模板中的用印标记",
        en="The seal would reach over the edge of page {page}; move the template's seal marker.",
    ),
)

#: why a file is not genuine, or why that cannot be told
VERDICT_CODES = (
    Code(
        name="pdf_malformed",
        meaning="the file is not a whole PDF, or not one that our sealing makes",
        zh="文件不是完整有效的 PDF，或其结构异常",
        en="The file is not a whole PDF, or its structure is out of order.",
    ),
    Code(
        name="shown_otherwise",
        meaning="other readers see something else in the file than in what was sealed",
        zh="其他阅读软件打开该文件所见与用印时的内容不同",
        en="Other readers see something else in this file than what was sealed.",
    ),
    Code(
        name="evidence_too_young",
        meaning="validation data in the file is younger than the signature or stamp over it",
        zh="文件中的验证数据晚于覆盖它的签名或时间戳",
        en="Validation data in the file is younger than the signature or stamp that covers it.",
    ),
    Code(
        name="signed_in_another_form",
        meaning="the file is signed in another form than letters are; it is not judged here",
        zh="文件采用其他形式签名，不是本系统的文书，这里不能判断；请用其签发方的验证服务",
        en="The file is signed in another form than our letters; ask its issuer.",
    ),
    Code(
        name="file_empty",
        meaning="the file is empty",
        zh="文件是空的；请重新取得文书的 PDF 文件",
        en="The file is empty; get the letter's PDF again.",
    ),
    Code(
        name="file_is_picture",
        meaning="the file is a picture, in which no seal can be verified",
        zh="文件是图片，图片上的印章无法验证；请提供收到的 PDF 原件",
        en="A seal in a picture cannot be verified; give the PDF as it was received.",
    ),
    Code(
        name="file_is_scan",
        meaning="the file is an unsigned PDF of pictures alone, in which no seal can be verified",
        zh="文件是没有电子签名的扫描件，扫描件上的印章无法验证；请提供收到的 PDF 原件",
        en="The file is a scan without a signature, and no seal in it can be verified; give the PDF"
        " as received.",
    ),
    Code(
        name="file_is_ofd",
        meaning="the file is an OFD document, which is not judged here",
        zh="文件是 OFD 文档，这里不能判断；请用其签发方的验证服务",
        en="The file is an OFD document, which cannot be judged here; ask its issuer.",
    ),
    Code(
        name="file_is_no_pdf",
        meaning="the file is no PDF",
        zh="文件不是 PDF，这里不能判断；请提供收到的 PDF 原件",
        en="The file is no PDF and cannot be judged here; give the PDF as received.",
    ),
    Code(
        name="not_signed",
        meaning="the file has no digital signature",
        zh="文件没有电子签名",
        en="The file has no digital signature.",
    ),
    Code(
        name="signature_form_unknown",
        meaning="the signature is not a PAdES certification signature that forbids changes",
        zh="签名不是禁止修改的 PAdES 认证签名",
        en="The signature is not a PAdES certification signature that forbids every change.",
    ),
    Code(
        name="signatures_unaccounted",
        meaning="there are signatures or signature fields beside the agency's",
        zh="除经办机构的签名外，文件中还有其他签名或签名域",
        en="The file has signatures or signature fields beside the agency's own.",
    ),
    Code(
        name="bytes_unaccounted",
        meaning="the last signature does not cover every byte of the file",
        zh="签名没有覆盖文件的全部字节",
        en="The signature does not cover every byte of the file.",
    ),
    Code(
        name="update_after_sealing",
        meaning="something was added after sealing that is not validation data",
        zh="用印后文件被追加了时间戳和验证数据以外的内容",
        en="Something other than time stamps and validation data was added after sealing.",
    ),
    Code(
        name="changed_after_sealing",
        meaning="the file's bytes are not those that were sealed",
        zh="文件的字节与签名时不同",
        en="The file's bytes are not those that were signed.",
    ),
    Code(
        name="signature_invalid",
        meaning="the signature value or its container is wrong",
        zh="电子签名无效",
        en="The signature itself is not valid.",
    ),
    Code(
        name="signer_untrusted",
        meaning="the signer's certificate does not lead to a trusted root",
        zh="签名人的证书不能追溯到此处受信任的根证书",
        en="The signer's certificate does not lead to a root that is trusted here.",
    ),
    Code(
        name="certificate_outside_validity",
        meaning="a certificate, the root's included, was not valid at the time of sealing",
        zh="按文件所称的用印时间，签名证书（含根证书）不在有效期内",
        en="A certificate, the root's included, was not within its validity at the time of sealing"
        " that the file names.",
    ),
    Code(
        name="certificate_usage",
        meaning="a certificate of the chain is not for what it was used for: key usage, extended"
        " key usage (HANYIN_SEAL_PURPOSES), CA flag, or a critical extension that is unknown",
        zh="证书的用途不允许签署文书（密钥用途、扩展密钥用途、CA 标志或未知的关键扩展）",
        en="A certificate is not meant for sealing documents, by its key usage, extended key usage,"
        " CA flag or a critical extension that is not known.",
    ),
    Code(
        name="certificate_weak",
        meaning="a certificate of the chain has a weak key or digest: RSA under 2048 bits or with"
        " an exponent under 65537, no NIST curve, SHA-1 or MD5",
        zh="证书链中的密钥或摘要算法强度不足"
        "（RSA 不足 2048 位、指数过小、非 NIST 曲线、SHA-1 或 MD5）",
        en="A certificate has a key or digest that is too weak: RSA under 2048 bits or with a small"
        " exponent, another curve than NIST's, SHA-1 or MD5.",
    ),
    Code(
        name="certificate_path",
        meaning="the path to the root is not valid by RFC 5280: path length, name constraints,"
        " policies, dates",
        zh="证书链不符合 RFC 5280（路径长度、名称限制、策略或有效期）",
        en="The certificate's path to its root is not valid by RFC 5280: path length, name"
        " constraints, policies or dates.",
    ),
    Code(
        name="sealed_in_future",
        meaning="the time of sealing lies after now",
        zh="文件所称的用印时间晚于现在",
        en="The time of sealing that the file names lies in the future.",
    ),
    Code(
        name="signer_revoked",
        meaning="a certificate was revoked when the file was sealed, by the validation data in it",
        zh="用印时签名证书已被吊销",
        en="A certificate had been revoked when the file was sealed.",
    ),
    Code(
        name="time_stamp_invalid",
        meaning="a time stamp is not about this file, or was not made by a time stamp authority",
        zh="时间戳无效，或不属于本文件",
        en="A time stamp is not valid, or belongs to another file.",
    ),
    Code(
        name="time_stamp_untrusted",
        meaning="a document time stamp is not by a trusted authority; name its root with"
        " --trust-tsa where it should be",
        zh="追加的时间戳不是由受信任的时间戳机构签发；确属可信的，请用 --trust-tsa 指定其根证书",
        en="A time stamp was added by an authority that is not trusted; where it should be, name"
        " its root with --trust-tsa.",
    ),
    Code(
        name="time_contradicted",
        meaning="the signature claims a time later than its time stamp",
        zh="签名声称的时间晚于其时间戳",
        en="The signature claims a time that is later than its time stamp.",
    ),
    Code(
        name="not_in_ledger",
        meaning="the ledger has no document with the number that the signature names",
        zh="台账中没有该文号的文书",
        en="The ledger has no document of this number.",
    ),
    Code(
        name="differs_from_ledger",
        meaning="the ledger has another document under the number that the signature names",
        zh="该文号在台账中登记的是另一份文件",
        en="The ledger has another file under this number.",
    ),
    Code(
        name="revoked_since",
        meaning="a certificate was revoked after the claimed time of sealing, which no trusted time"
        " stamp proves",
        zh="签名证书已在所称用印时间之后被吊销，且没有受信任的时间戳证明用印在先",
        en="A certificate was revoked after the claimed time of sealing, and no trusted time stamp"
        " proves that it was sealed before.",
    ),
    Code(
        name="expired_since",
        meaning="a certificate has expired since the claimed time of sealing, which no trusted time"
        " stamp proves",
        zh="签名证书（含根证书）已过期，且没有受信任的时间戳证明用印在过期之前",
        en="A certificate, the root's included, has expired, and no trusted time stamp proves that"
        " it was sealed before.",
    ),
    Code(
        name="no_trusted_roots",
        meaning="no root is trusted, so the signer cannot be judged; name one with --trust",
        zh="没有配置受信任的根证书，无法判断签名人；请用 --trust 指定",
        en="No root is trusted here, so the signer cannot be judged; name one with --trust.",
    ),
    Code(
        name="file_too_large",
        meaning="the file is larger than a verification reads",
        zh="文件超过 {limit} MB，未作验证",
        en="The file is larger than {limit} MB and was not verified.",
    ),
    Code(
        name="too_demanding",
        meaning="the verification needed more time or memory than it may",
        zh="验证该文件所需的时间或内存超出限度",
        en="Verifying the file needs more time or memory than is allowed.",
    ),
    Code(
        name="file_unreadable",
        meaning="the file to verify cannot be read",
        zh="无法读取文件：{why}",
        en="The file cannot be read: {why}.",
    ),
)

#: what a reader should know of a file whatever the verdict is
REMARK_CODES = (
    Code(
        name="bytes_not_held",
        meaning="the signature does not protect the certificates or the time stamp beside it, so"
        " that nothing is said of their bytes; the ledger knows them",
        zh="内容就是所盖章的内容；签名不保护其旁的证书和时间戳，它们可以事后增删或改写，"
        "文件是否逐字节与用印时相同，须用 --ledger 核对",
        en="What it says is what was sealed. The signature does not protect the certificates and"
        " the time stamp beside it, which anybody may have added, taken out or rewritten: whether"
        " each byte is as it was sealed, --ledger tells.",
        warning=True,
    ),
    Code(
        name="other_bytes",
        meaning="certificates, time stamp or signature value are spelled otherwise than our sealing"
        " spells them: rewritten, or sealed by an earlier version or another program",
        zh="内容就是所盖章的内容，但签名值、证书或时间戳不是本系统用印时的写法："
        "除非由旧版本或其他程序签署，文件字节已与用印时不同，须用 --ledger 核对",
        en="What it says is what was sealed, but signature value, certificates or time stamp are"
        " not spelled as our sealing spells them: these are other bytes than were sealed, unless"
        " an earlier version or another program sealed it; --ledger tells.",
        warning=True,
    ),
    Code(
        name="time_claimed",
        meaning="the time of sealing is the sealer's own word; no trusted time stamp proves it",
        zh="用印时间为签名方自称，没有受信任的时间戳佐证",
        en="The time of sealing is the sealer's own word; no trusted time stamp proves it.",
        warning=True,
    ),
    Code(
        name="revocation_not_checked",
        meaning="the file does not hold all validation data; whether a certificate was revoked was"
        " not checked",
        zh="文件未含完整的吊销数据，未检查证书是否被吊销",
        en="The file does not hold all revocation data; whether a certificate was revoked was not"
        " checked.",
        warning=True,
    ),
    Code(
        name="time_stamp_ignored",
        meaning="the signature carries a time stamp that proves nothing: its authority is not"
        " trusted, and is not named because it chose its name itself",
        zh="签名带有一个不能证明任何事的时间戳：其机构不受信任，未予采信",
        en="The signature carries a time stamp that proves nothing: its authority is not trusted.",
        warning=True,
    ),
    Code(
        name="time_stamp_expired",
        meaning="a time stamp authority's certificate ran out before the next time stamp was set",
        zh="时间戳机构的证书已过期，且过期前未续加时间戳：{authority}",
        en="The certificate of a time stamp authority ran out before a new time stamp was added:"
        " {authority}.",
        warning=True,
    ),
    Code(
        name="time_stamp_late",
        meaning="a time stamp was set when the signer's certificate was no longer valid",
        zh="加盖时间戳时签名证书已不在有效期内：{authority}",
        en="A time stamp was set when the signer's certificate was no longer valid: {authority}.",
        warning=True,
    ),
    Code(
        name="validation_data_uncovered",
        meaning="validation data stands behind the last document time stamp, where nothing protects"
        " it; nothing was believed of it",
        zh="最后一个文档时间戳之后另有验证数据，未受任何签名保护，未予采信",
        en="Validation data stands behind the last document time stamp, where no signature protects"
        " it; none of it was believed.",
        warning=True,
    ),
    Code(
        name="letter_void",
        meaning="the letter is genuine and was made void since",
        zh="文书真实，但已作废",
        en="The letter is genuine, but it has been made void.",
        warning=True,
    ),
    Code(
        name="letter_replaced",
        meaning="the letter is genuine and was replaced by another one since",
        zh="文书真实，但已由 {number} 替代",
        en="The letter is genuine, but it has been replaced by {number}.",
        warning=True,
    ),
)
