"""The two wrappings of a real-time question: CORE SOAP with UsernameToken, and MIME form data."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from defusedxml import ElementTree

_CORE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_FIELDS = (
    "PayloadType", "ProcessingMode", "PayloadID", "TimeStamp", "SenderID", "ReceiverID", "CORERuleVersion", "Payload",
    "ErrorCode", "ErrorMessage",
)  # fmt: skip


class NotAnEnvelope(ValueError):
    """The request is not the envelope that was asked for; the words go into the fault."""


@dataclass
class Asked:
    """The fields of a request, names in lower case."""

    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name.lower(), "")


def from_soap(body: bytes) -> Asked:
    """Read a SOAP 1.2 envelope. Raises NotAnEnvelope."""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as error:
        raise NotAnEnvelope("The request is not XML") from error
    if root.tag != f"{{{_SOAP}}}Envelope":
        raise NotAnEnvelope("The request is not a SOAP 1.2 envelope")
    token = root.find(f"{{{_SOAP}}}Header/{{{_WSSE}}}Security/{{{_WSSE}}}UsernameToken")
    request = root.find(f"{{{_SOAP}}}Body/{{{_CORE}}}COREEnvelopeRealTimeRequest")
    if token is None:
        raise NotAnEnvelope("The header has no UsernameToken")
    if request is None:
        raise NotAnEnvelope("The body has no COREEnvelopeRealTimeRequest")
    asked = Asked({child.tag.lower(): child.text or "" for child in request})
    if any(child.tag.startswith("{") for child in request):
        raise NotAnEnvelope("The children of the request must not be qualified")
    for name in ("Username", "Password"):
        found = token.find(f"{{{_WSSE}}}{name}")
        asked.fields[name.lower()] = (found.text or "") if found is not None else ""
    return asked


def from_mime(content_type: str, body: bytes) -> Asked:
    """Read form data; names in any case. Raises NotAnEnvelope."""
    parts = form_parts(content_type, body)
    if not parts:
        raise NotAnEnvelope("The request is not multipart/form-data")
    fields = {name.lower(): content.decode("utf-8", "replace") for name, _, content in parts}
    fields["username"] = fields.get("username", "")
    return Asked(fields)


def form_parts(content_type: str, body: bytes) -> list[tuple[str, str, bytes]]:
    """The parts of a multipart body: name, file name (or nothing), content."""
    if not content_type.startswith("multipart/form-data"):
        return []
    message = email.message_from_bytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    found = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        found.append((str(name or ""), str(part.get_filename() or ""), content if isinstance(content, bytes) else b""))
    return found


def to_soap(fields: dict[str, str], *, cdata: bool) -> str:
    """A SOAP answer; the payload as CDATA or as plain text."""
    lines = []
    for name in _FIELDS:
        value = fields.get(name, "")
        inner = f"<![CDATA[{value}]]>" if name == "Payload" and cdata and "]]>" not in value else escape(value)
        lines.append(f"<{name}>{inner}</{name}>")
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{_SOAP}"><s:Body>'
        f'<COREEnvelopeRealTimeResponse xmlns="{_CORE}">{"".join(lines)}</COREEnvelopeRealTimeResponse>'
        "</s:Body></s:Envelope>"
    )


def fault(words: str, *, sender: bool = True) -> str:
    """A SOAP 1.2 fault."""
    code = "Sender" if sender else "Receiver"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{_SOAP}"><s:Body><s:Fault>'
        f"<s:Code><s:Value>s:{code}</s:Value></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(words)}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>'
    )


def to_mime(fields: dict[str, str], boundary: str) -> bytes:
    """The same names as form parts."""
    named = {"PayloadID": "PayloadId", "SenderID": "SenderId", "ReceiverID": "ReceiverId",
             "CORERuleVersion": "CoreRuleVersion"}  # fmt: skip
    parts = []
    for name in _FIELDS:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{named.get(name, name)}"'
        parts.append(f"{head}\r\n\r\n{fields.get(name, '')}\r\n")
    return ("".join(parts) + f"--{boundary}--\r\n").encode()
