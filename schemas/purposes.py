"""Purposes (extended key usage, RFC 5280, 4.2.1.12) of the certificates that may seal letters.

Without pydantic, for the process that examines a single file.
"""

#: stands for a certificate that states no purpose: authorities that issue none are common
NO_PURPOSE = "none"
#: anyExtendedKeyUsage
ANY_PURPOSE = "2.5.29.37.0"

#: what may seal by default; an installation may set its own list (HANYIN_SEAL_PURPOSES)
SEALING_PURPOSES = (
    NO_PURPOSE,
    "1.3.6.1.5.5.7.3.36",  # documentSigning (RFC 9336)
    "1.3.6.1.5.5.7.3.4",  # emailProtection: what authorities issued for documents before RFC 9336
    "1.2.840.113583.1.1.5",  # Adobe, authentic documents
    "1.3.6.1.4.1.311.10.3.12",  # Microsoft, document signing
)

#: never enough to seal, whatever is set: keys that answer to others' requests
FOREIGN_PURPOSES = frozenset(
    {
        "1.3.6.1.5.5.7.3.1",  # serverAuth
        "1.3.6.1.5.5.7.3.3",  # codeSigning
        "1.3.6.1.5.5.7.3.8",  # timeStamping
        "1.3.6.1.5.5.7.3.9",  # OCSPSigning
    }
)
