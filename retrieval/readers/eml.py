"""E-mail (.eml): the subject is the title, sender, recipients and date are metadata, attachments are files of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from io import BytesIO

from retrieval.readers.base import ReadReport, Unusable, decode, refused
from retrieval.readers.batch import read_batch
from retrieval.readers.html import MARKDOWN
from retrieval.readers.markup import markdown_of, parse_html
from retrieval.readers.settings import DEFAULT, Reading
from retrieval.readers.signatures import refuse_binary
from retrieval.readers.whole import Notes, clean, document_from, line, read_whole
from retrieval.types import PLAIN, Document, Structure

ReadFile = Callable[[str, bytes, Reading], ReadReport]
HEADERS = {"From": "from", "To": "to", "Cc": "cc", "Date": "date", "Message-ID": "message-id"}
ADDRESSED = ("From", "To", "Date", "Subject", "Received", "Message-ID", "MIME-Version")
_PATH = re.compile(r"[\\/\0-\x1f]+")


def read_eml(name: str, data: bytes, reading: Reading = DEFAULT, *, read: ReadFile) -> ReadReport:
    """A message, and after it the documents of its attachments, which `read` reads; their ids begin with the message's.

    The text part is taken, as it is, or the HTML part as Markdown where there is no other. The title is the subject. A message
    inside a message is an attachment; how deep they are read is the limit `nesting`.
    """
    if reading.depth > reading.limits.nesting:
        why = f"lies inside {reading.depth} files, the limit is {reading.limits.nesting}; save it apart from them"
        return refused(name, why)
    attached: list[tuple[str, bytes]] = []

    def parse(name: str, data: bytes, reading: Reading, notes: Notes) -> Document:
        message = opened(data)
        attached.extend(attachments(name, message, reading, notes))
        text, structure = body_of(message)
        return document_from(name, text, header(message, "Subject"), metadata_of(message), structure)

    own = read_whole(name, data, reading, "an e-mail", parse)

    def one(at: int, how: Reading) -> ReadReport:
        return read(*attached[at - 1], how.inside()) if at else own

    names = [name, *(path for path, _ in attached)]
    return read_batch(names, one, lambda at: BytesIO(attached[at - 1][1]), reading)


def opened(data: bytes) -> EmailMessage:
    """The message in a file. Raises Unusable where it has none of the usual headers."""
    refuse_binary(data, "an e-mail")
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not any(field in message for field in ADDRESSED):
        raise Unusable("is no e-mail, for it has neither From nor To, Date or Subject; save the message with its headers")
    return message


def header(message: EmailMessage, field: str) -> str:
    """A header on one line, decoded; "" where it is missing or beyond repair."""
    try:
        return line(message[field])
    except Exception:  # the parser of addresses fails in many ways
        raw = next((value for key, value in message.raw_items() if key.lower() == field.lower()), "")
        return line(raw)


def metadata_of(message: EmailMessage) -> dict[str, str]:
    """The headers of `HEADERS`; the date as ISO 8601."""
    found = {name: header(message, field) for field, name in HEADERS.items()}
    with suppress(ValueError, TypeError, IndexError, OverflowError):  # a date that cannot be read stays as it was written
        found["date"] = parsedate_to_datetime(found["date"]).isoformat()
    return found


def body_of(message: EmailMessage) -> tuple[str, Structure]:
    """The text of a message and its structure; HTML becomes Markdown."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", PLAIN
    text = text_of(part)
    if part.get_content_type() != "text/html":
        return text.replace("\r\n", "\n"), PLAIN
    root = parse_html(text)
    return ("", PLAIN) if root is None else (markdown_of(root), MARKDOWN)


def text_of(part: MIMEPart) -> str:
    """The text of a part in its own charset; where that is wrong, as any text file is read."""
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeError, ValueError):
        return decode(content)


def attachments(name: str, message: EmailMessage, reading: Reading, notes: Notes) -> list[tuple[str, bytes]]:
    """Name and content of what is attached. Raises Unusable where the parts are more or larger than the limits allow."""
    found: list[tuple[str, bytes]] = []
    taken: set[str] = set()
    body = message.get_body(preferencelist=("plain", "html"))
    for part in parts_of(message):
        if part is body or not (part.is_attachment() or part.get_filename() or part.get_content_type() == "message/rfc822"):
            continue
        number = len(taken) + 1
        path = f"{name}/{filename(part, number)}"
        if len(found) >= reading.limits.files:
            raise Unusable(f"has more than {reading.limits.files:,} attachments; save them apart or raise the limit files")
        if path in taken:
            path = f"{name}/{number}-{filename(part, number)}"
        taken.add(path)
        try:
            found.append((path, content_of(part)))
        except Exception as error:
            notes(path, f"cannot be unpacked ({line(error):.200}); save the attachment apart")
    return found


def parts_of(message: EmailMessage) -> list[EmailMessage]:
    """The parts of a message in order, but not those of messages inside it."""
    found: list[EmailMessage] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend([inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)][::-1])
        else:
            found.append(part)
    return found


def filename(part: EmailMessage, number: int) -> str:
    """The name of an attachment without any path; one without a name is called by its number."""
    inside = part.get_content_type() == "message/rfc822"
    name = _PATH.sub("_", clean(part.get_filename() or "")).strip(" ._")
    if not name:
        return f"{number}.eml" if inside else f"part-{number}"
    return f"{name}.eml" if inside and not name.lower().endswith(".eml") else name


def content_of(part: EmailMessage) -> bytes:
    """The bytes of an attachment; a message inside is written out again."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
