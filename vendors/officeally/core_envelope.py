"""The two wrappings of a real-time question by the CAQH CORE rule 2.2.0: SOAP with a UsernameToken, and form data.

Nothing here knows what is inside the payload.
"""

from __future__ import annotations

import email
import email.policy
import uuid
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import msgspec
from defusedxml import ElementTree

from app.model.errors import VendorRejected
from vendors.transport import scrub
from vendors.transport.decode import drifted

SOAP_PATH = "/TransactionService/rtx.svc"
MIME_PATH = "/TransactionSite/realtime-request/MIME"
RECEIVER = "OFFALLY"
RULE_VERSION = "2.2.0"

_CORE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_TITLE = "Office Ally"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out: the payload's type and bytes, who asks, and an id that is never used twice."""

    payload_type: str
    payload: bytes
    sender_id: str
    user: str
    password: str
    payload_id: str
    asked_at: datetime


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came back, taken out of its wrapping; ``payload_id`` is empty where it was not given back."""

    payload_type: str
    payload: bytes
    payload_id: str
    error_code: str
    error_message: str


def new_payload_id() -> str:
    """An id for one attempt."""
    return str(uuid.uuid4())


def _fields(question: Question) -> dict[str, str]:
    """The fields both wrappings share, in the order of the guide."""
    return {
        "PayloadType": question.payload_type,
        "ProcessingMode": "RealTime",
        "PayloadID": question.payload_id,
        "TimeStamp": f"{question.asked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "SenderID": question.sender_id,
        "ReceiverID": RECEIVER,
        "CORERuleVersion": RULE_VERSION,
    }


def soap(question: Question) -> tuple[dict[str, str], bytes]:
    """Headers and body of a SOAP 1.2 request. The children carry no namespace, as the guide shows them."""
    payload = question.payload.decode("latin-1")
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in _fields(question).items())
    wrapped = f"<![CDATA[{payload}]]>" if "]]>" not in payload else escape(payload)
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}"><soapenv:Header>'
        f'<wsse:Security xmlns:wsse="{_WSSE}"><wsse:UsernameToken>'
        f"<wsse:Username>{escape(question.user)}</wsse:Username>"
        f"<wsse:Password>{escape(question.password)}</wsse:Password>"
        "</wsse:UsernameToken></wsse:Security></soapenv:Header><soapenv:Body>"
        f'<c:COREEnvelopeRealTimeRequest xmlns:c="{_CORE}">{inner}<Payload>{wrapped}</Payload>'
        "</c:COREEnvelopeRealTimeRequest></soapenv:Body></soapenv:Envelope>"
    )
    headers = {
        "Content-Type": "application/soap+xml; charset=utf-8;action=RealTimeTransaction;",
        "Action": "RealTimeTransaction",
        "Accept": "application/soap+xml",
    }
    return headers, text.encode()


def mime(question: Question) -> tuple[dict[str, str], bytes]:
    """Headers and body of a form-data request, with the spellings of the guide."""
    spelled = {"PayloadID": "PayloadId", "SenderID": "SenderId", "ReceiverID": "ReceiverId",
               "CORERuleVersion": "CoreRuleVersion"}  # fmt: skip
    fields = {spelled.get(name, name): value.encode() for name, value in _fields(question).items()}
    fields |= {"UserName": question.user.encode(), "Password": question.password.encode(), "Payload": question.payload}
    boundary = f"daybook-{uuid.uuid4().hex}"
    body = bytearray()
    for name, value in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "*/*"}, bytes(body)


# --- answers ---------------------------------------------------------------------------------------------------------


def opened(content_type: str, body: bytes) -> Told:
    """An answer in either wrapping, told apart by its content. Raises Drifted, VendorRejected for a SOAP fault."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024]
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise drifted(_TITLE, "realtime", "a web page instead of an answer")
    fields = _from_xml(body) if start.startswith(b"<") else _from_parts(content_type, body)
    if not fields or "errorcode" not in fields:
        raise drifted(_TITLE, "realtime", "something that is no CORE envelope")
    return Told(
        payload_type=fields.get("payloadtype", "").strip(),
        payload=fields.get("payload", "").strip().encode("latin-1", "replace"),
        payload_id=fields.get("payloadid", "").strip(),
        error_code=fields.get("errorcode", "").strip(),
        error_message=fields.get("errormessage", "").strip(),
    )


def _from_xml(body: bytes) -> dict[str, str]:
    """The fields by local name in lower case: prefixes vary. Entities and document types are refused."""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        raise drifted(_TITLE, "realtime", "XML that is broken or not allowed") from None
    found: dict[str, str] = {}
    fault = ""
    for element in root.iter():
        name = element.tag.rpartition("}")[2].lower()
        if name == "text" and not fault:
            fault = element.text or ""
        if name.endswith("realtimeresponse"):
            found = {child.tag.rpartition("}")[2].lower(): child.text or "" for child in element}
    if not found and any(element.tag.rpartition("}")[2] == "Fault" for element in root.iter()):
        raise fault_error(fault)
    return found


def fault_error(words: str) -> VendorRejected:
    """A SOAP fault in words."""
    said = scrub.reason(words)
    return VendorRejected(
        f"{_TITLE} did not accept the question.",
        f"It says: “{said}”." if said else "It gave no reason.",
        ("Tell support: nothing at the desk can mend it.",),
        detail="realtime: SOAP fault",
    )


def _from_parts(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of form data. A missing header is made up from the body's own first line."""
    if "boundary=" not in content_type:
        first = body.lstrip().splitlines()[:1]
        if not first or not first[0].startswith(b"--"):
            return {}
        content_type = f'multipart/form-data; boundary="{first[0][2:].decode("latin-1").strip()}"'
    message = email.message_from_bytes(
        b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    found: dict[str, str] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name.lower()] = content.decode("latin-1")
    return found
