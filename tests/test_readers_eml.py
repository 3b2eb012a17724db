"""E-mail: headers, bodies and attachments."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from retrieval.readers import Limits, Reading, read_file
from retrieval.types import PLAIN, Structure


def message(subject: str = "Crane plan", body: str = "Hello.\nBye.\n", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    for name, value in headers.items():
        made[name] = value
    made.set_content(body)
    return made


def attach(made: EmailMessage, name: str, content: bytes) -> None:
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)


def read(made: EmailMessage, name: str = "m.eml", limits: Limits | None = None):
    return read_file(name, made.as_bytes(), Reading(limits or Limits()))


def ids(report) -> list[str]:
    return [document.id for document in report.documents]


def test_headers_become_title_and_metadata():
    made = message(
        "Größe — 漢字", From="Ada <ada@x.example>", To="b@x.example, c@x.example", Date="Mon, 04 Mar 2024 10:00:00 +0100"
    )
    (document,) = read(made, "in box/m.eml").documents
    assert (document.id, document.title, document.text, document.structure) == (
        "in_box/m.eml",
        "Größe — 漢字",
        "Hello.\nBye.\n",
        PLAIN,
    )
    assert document.metadata == {
        "from": "Ada <ada@x.example>",
        "to": "b@x.example, c@x.example",
        "date": "2024-03-04T10:00:00+01:00",
    }


def test_a_date_that_is_none_stays_as_it_is_written_and_a_missing_subject_is_the_stem():
    (document,) = read_file("a.eml", b"From: a@x.example\nDate: next week\n\nwords").documents
    assert (document.title, document.metadata["date"], document.text) == ("a", "next week", "words")


def test_plain_text_is_preferred_and_html_becomes_markdown():
    made = message(body="plain")
    made.add_alternative("<h1>Rich</h1>", subtype="html")
    assert read(made).documents[0].text == "plain\n"
    only = EmailMessage()
    only["Subject"] = "s"
    only.set_content("<h1>Rich</h1><ul><li>one</ul>", subtype="html")
    (document,) = read(only).documents
    assert (document.text, document.structure) == ("# Rich\n\n- one", Structure("markdown"))


@pytest.mark.parametrize("charset", ["koi8-r", "utf-8", "no-such-charset"])
def test_the_charset_of_a_part_is_used_and_a_false_one_replaced(charset):
    body = "Журавль".encode("koi8-r" if charset == "koi8-r" else "utf-8")
    data = f"Subject: s\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body
    assert read_file("a.eml", data).documents[0].text == "Журавль"


def test_attachments_are_read_by_their_suffix_and_others_refused():
    made = message()
    attach(made, "../notes/plan.md", b"# Plan\n\nwords")
    attach(made, "rows.csv", b"_id,text\nr1,one\nr2,two\n")
    attach(made, "tool.exe", b"MZ")
    attach(made, "rows.csv", b"_id,text\nr3,three\n")
    report = read(made)
    assert ids(report) == ["m.eml", "m.eml/notes_plan.md", "r1", "r2", "r3"]
    assert report.places == (
        "m.eml",
        "m.eml/notes_plan.md",
        "m.eml/rows.csv line 2",
        "m.eml/rows.csv line 3",
        "m.eml/4-rows.csv line 2",
    )
    (refusal,) = report.refused
    assert (refusal.where, refusal.reason[:29]) == ("m.eml/tool.exe", 'has the unknown suffix ".exe"')
    assert (report.rows, report.files) == (6, 5)


def test_a_repeated_id_among_attachments_is_refused_with_both_places():
    made = message()
    attach(made, "a.csv", b"_id,text\n1,one\n")
    attach(made, "b.csv", b"_id,text\n1,two\n")
    assert [str(refusal) for refusal in read(made).refused] == [
        'm.eml/b.csv line 2 repeats the id "1" of m.eml/a.csv line 2; the first is kept, give the later one its own id'
    ]


def test_messages_and_archives_inside_are_read_as_deep_as_the_limit():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("deep.txt", "words")
    inner = message("Inner")
    attach(inner, "box.zip", archive.getvalue())
    outer = message("Outer")
    outer.add_attachment(inner)
    assert ids(read(outer)) == ["m.eml", "m.eml/1.eml", "m.eml/1.eml/box.zip/deep.txt"]
    less = read(outer, limits=Limits(nesting=1))
    assert ids(less) == ["m.eml", "m.eml/1.eml"]
    assert str(less.refused[0]) == "m.eml/1.eml/box.zip lies inside 2 archives, the limit is 1; unpack it"
    none = read(outer, limits=Limits(nesting=0))
    assert ids(none) == ["m.eml"]
    assert str(none.refused[0]) == "m.eml/1.eml lies inside 1 files, the limit is 0; save it apart from them"


def test_too_many_attachments_are_refused():
    made = message()
    for number in range(4):
        attach(made, f"{number}.txt", b"words")
    assert [str(refusal) for refusal in read(made, limits=Limits(files=3)).refused] == [
        "m.eml has more than 3 attachments; save them apart or raise the limit files"
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is no e-mail, for it has neither From nor To, Date or Subject; save the message with its headers"),
        (
            b"only text\n\nmore",
            "is no e-mail, for it has neither From nor To, Date or Subject; save the message with its headers",
        ),
        (
            b"%PDF-1.7",
            "is not what its name says: it seems to be a PDF, not an e-mail; give it the right suffix or convert it",
        ),
    ],
)
def test_what_is_no_message_is_refused(data, reason):
    report = read_file("a.eml", data)
    assert [str(refusal) for refusal in report.refused] == [f"a.eml {reason}"]
    assert report.documents == ()


@pytest.mark.parametrize(
    "header",
    [
        "From: <<>@[",
        "To: =?utf-8?q?=FF?=",
        "Subject: =?x?b?!?=",
        "From: a@b\nDate: 99 99",
        'From: "open',
        "Content-Type: multipart/mixed\nTo: a",
    ],
)
def test_broken_headers_are_no_reason_to_refuse(header):
    report = read_file("a.eml", f"{header}\n\nwords".encode())
    assert (len(report.documents), report.refused) == (1, ())


def test_parts_that_are_nested_beyond_all_bounds_are_refused():
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(1500))
    (refusal,) = read_file("a.eml", f"From: a@x.example\n{deep}\n\nx".encode()).refused
    assert str(refusal) == "a.eml is nested too deeply; simplify it or save it as text"
