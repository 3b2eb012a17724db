"""A small valid file of every format, made here."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from email.message import EmailMessage

PARAGRAPH = "The harbour crane rests when the wind is stronger than fifteen metres a second. Größe, 漢字."
HEADINGS = ("Daily checks", "Wind", "Log book")
ROWS = [{"_id": str(at), "title": heading, "text": PARAGRAPH, "year": 1998 + at} for at, heading in enumerate(HEADINGS)]


def table(separator):
    out = io.StringIO()
    writer = csv.DictWriter(out, ROWS[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode()


def parquet():
    import pyarrow as pa
    from pyarrow import parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([{**row, "by": {"name": "Ada"}} for row in ROWS]), out)
    return out.getvalue()


def pdf():
    from fpdf import FPDF

    document = FPDF()
    for heading in HEADINGS:
        document.add_page()
        document.set_font("Helvetica", size=20)
        document.start_section(heading)
        document.cell(text=heading, new_x="LMARGIN", new_y="NEXT")
        document.set_font("Helvetica", size=11)
        document.multi_cell(0, text=PARAGRAPH.encode("latin-1", "ignore").decode("latin-1") * 3)
    return bytes(document.output())


def docx():
    from docx import Document

    document = Document()
    for heading in HEADINGS:
        document.add_heading(heading, 1)
        document.add_paragraph(PARAGRAPH)
        document.add_paragraph("hook", style="List Bullet")
    cells = document.add_table(2, 2).rows[0].cells
    cells[0].text = "speed"
    return saved(document)


def pptx():
    from pptx import Presentation

    deck = Presentation()
    for heading in HEADINGS:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = heading
        slide.placeholders[1].text = PARAGRAPH
        slide.notes_slide.notes_text_frame.text = "speak slowly"
    return saved(deck)


def xlsx():
    from openpyxl import Workbook

    book = Workbook()
    for row in ROWS:
        book.active.append(list(row.values()))
    return saved(book)


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def eml():
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Wind — Größe", "Ada <ada@port.example>", "crew@port.example"
    message.set_content(PARAGRAPH)
    message.add_alternative(f"<h1>Wind</h1><p>{PARAGRAPH}</p>", subtype="html")
    message.add_attachment(b"rest at fifteen", maintype="text", subtype="plain", filename="notes.txt")
    return bytes(message)


def html():
    parts = [f"<h2>{heading}</h2><p>{PARAGRAPH}</p><ul><li>hook<li>rope</ul>" for heading in HEADINGS]
    rows = "<table><tr><th>speed<td>15</table><pre><code>rest()</code></pre>"
    return f"<!doctype html><html lang=en><title>Crane</title><body>{''.join(parts)}{rows}</html>".encode()


def rst():
    parts = [f"{heading}\n{'=' * len(heading)}\n\n{PARAGRAPH}\n\n* hook\n* rope\n\n::\n\n  rest()\n" for heading in HEADINGS]
    return "\n".join(parts).encode()


def markdown():
    front = "---\ntitle: Crane\ntags: [wind, port]\n---\n"
    return (
        front + "\n".join(f"# {heading}\n\n{PARAGRAPH}\n\n- hook\n\n```python\nrest()\n```\n" for heading in HEADINGS)
    ).encode()


def archive():
    inner, out = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("rest.py", "rest()")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("set/corpus.jsonl", jsonl())
        packed.writestr("set/queries.jsonl", '{"_id": "q", "text": "wind"}')
        packed.writestr("set/qrels/test.tsv", "q\t0\t1\n")
        packed.writestr("notes/crane.md", markdown())
        packed.writestr("mail.eml", eml())
        packed.writestr("inner.zip", inner.getvalue())
    return out.getvalue()


def jsonl():
    return "\n".join(json.dumps(row) for row in ROWS).encode()


SEEDS = {
    ".jsonl": jsonl,
    ".ndjson": jsonl,
    ".json": lambda: json.dumps({"items": ROWS}).encode(),
    ".csv": lambda: table(","),
    ".tsv": lambda: table("\t"),
    ".parquet": parquet,
    ".txt": lambda: (PARAGRAPH * 3).encode(),
    ".md": markdown,
    ".markdown": markdown,
    ".pdf": pdf,
    ".docx": docx,
    ".pptx": pptx,
    ".xlsx": xlsx,
    ".html": html,
    ".htm": html,
    ".xhtml": html,
    ".rst": rst,
    ".eml": eml,
    ".zip": archive,
    ".py": lambda: b"def rest(wind):\n    return wind > 15\n",
}
