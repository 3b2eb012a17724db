"""One folder of mixed real files: the handbook of Ternhavn Lift, an invented company that runs harbour cranes.

    python -m tests.mixed_files FOLDER

Every file has headed sections, a list, a table where its format has one, and a fact that stands nowhere else: see `FACTS`.
"""

from __future__ import annotations

import json
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

from tests.mixed_texts import (
    BERTHS,
    CRANES,
    DRILL,
    GLOSSARY,
    INCIDENTS,
    LIGHTS,
    PDF_PAGES,
    PDF_TABLE,
    SHIFT,
    SLING_LOAD,
    STORM,
    VISITORS,
    WELCOME,
)

FACTS: tuple[tuple[str, str, int | None, str], ...] = (
    ("at which wind speed does lifting stop", "handbook.pdf", 2, "Wind"),
    ("who may lift the quarantine of a damaged sling", "handbook.pdf", 3, "Slings"),
    ("how often is the slewing ring greased", "maintenance.docx", None, "Slewing ring"),
    ("hand signal for emergency stop", "training.pptx", 2, "Signals"),
    ("price of a tandem lift", "prices.xlsx", 1, "Lifts"),
    ("depth of water at berth Gannet", "berths.html", None, "Berths"),
    ("where do trucks wait during a storm", "storm.eml", None, ""),
    ("assembly point for the siren drill", "storm.eml/drill.md", None, "Siren drill"),
    ("canteen opening hours", "welcome.md", None, "Canteen"),
    ("what is a tagline", "glossary.rst", None, "Ropes"),
    ("crane with the longest boom", "cranes.csv", None, ""),
    ("formula for the sling angle factor", "sling_load.py", None, ""),
    ("dropped shackle incident", "incidents.jsonl", None, ""),
    ("colour of the visitor helmet", "visitors.txt", None, ""),
    ("how many lamps light the east quay", "night.zip/night/lights.md", None, "Lamps"),
)
"""A query, the file that answers it, the one-based page (slide, sheet) of the answer if the file has pages, and its heading."""


def make(folder: Path) -> None:
    """Write all files into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    make_pdf(folder / "handbook.pdf")
    make_docx(folder / "maintenance.docx")
    make_pptx(folder / "training.pptx")
    make_xlsx(folder / "prices.xlsx")
    texts = {"berths.html": BERTHS, "welcome.md": WELCOME, "glossary.rst": GLOSSARY, "cranes.csv": CRANES}
    texts |= {"sling_load.py": SLING_LOAD, "visitors.txt": VISITORS}
    texts["incidents.jsonl"] = "".join(json.dumps(incident) + "\n" for incident in INCIDENTS)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "storm.eml").write_bytes(mail())
    with zipfile.ZipFile(folder / "night.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("night/lights.md", LIGHTS)
        archive.writestr("night/shift.md", SHIFT)


def make_pdf(path: Path) -> None:
    """Three pages with a bookmark each; the last one ends with a table."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_title("Ternhavn Lift handbook")
    pdf.set_author("Ternhavn Lift")
    for title, texts, items in PDF_PAGES:
        pdf.add_page()
        pdf.set_font("helvetica", "B", 18)
        pdf.start_section(title)
        pdf.cell(text=title, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", size=11)
        for text in texts:
            pdf.ln(4)
            pdf.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
        for item in items:
            pdf.cell(text=f"- {item}", h=6, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)
    with pdf.table() as table:
        for row in PDF_TABLE:
            table.row(row)
    pdf.output(str(path))


def make_docx(path: Path) -> None:
    """Headings by style, bullets, a table and properties."""
    import docx

    document = docx.Document()
    document.core_properties.title = "Maintenance of cranes"
    document.core_properties.author = "Workshop"
    document.add_heading("Maintenance of cranes", 1)
    document.add_paragraph("The workshop keeps three cranes and a mobile one in order.")
    document.add_heading("Slewing ring", 2)
    document.add_paragraph("The slewing ring is greased every 250 working hours with the graphite paste from the blue drum.")
    for item in ("Turn the crane while greasing.", "Wipe off what comes out.", "Note the hours."):
        document.add_paragraph(item, style="List Bullet")
    document.add_heading("Brakes", 2)
    table = document.add_table(rows=0, cols=2)
    for row in (("Part", "Check"), ("Hoist brake", "weekly"), ("Slew brake", "monthly")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def make_pptx(path: Path) -> None:
    """Three slides: a title, bullets on two levels with notes, and a table."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.core_properties.title = "Training for signallers"
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Training for signallers"
    first.placeholders[1].text = "Half a day on the quay"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Signals"
    frame = second.placeholders[1].text_frame
    frame.text = "Emergency stop: both arms out, palms down, swung fast"
    for text, level in (("given by anyone on the quay", 1), ("Hoist: forefinger up, small circles", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    second.notes_slide.notes_text_frame.text = "Let everybody try it twice."
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "Radio"
    table = third.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for at, row in enumerate((("Channel", "Use"), ("12", "Harbour"), ("74", "Cranes"))):
        for cell, text in zip(table.rows[at].cells, row, strict=True):
            cell.text = text
    deck.save(str(path))


def make_xlsx(path: Path) -> None:
    """Two sheets with numbers and a date."""
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.properties.title = "Price list"
    lifts = book.active
    lifts.title = "Lifts"
    rows = [["Lift", "Price in EUR", "Since"], ["Single lift", 380, datetime.date(2023, 4, 1)]]
    for row in [*rows, ["Tandem lift", 1945.5, datetime.date(2024, 1, 15)]]:
        lifts.append(row)
    storage = book.create_sheet("Storage")
    for row in [["Goods", "EUR per day"], ["Steel", 12], ["Timber", 9.25]]:
        storage.append(row)
    book.save(str(path))


def mail() -> bytes:
    """A message with a Markdown file attached."""
    message = EmailMessage()
    message["Subject"] = "Storm on Friday"
    message["From"] = "Ingrid Aune <ingrid@ternhavn.example>"
    message["To"] = "All shifts <shifts@ternhavn.example>"
    message["Date"] = "Wed, 06 Nov 2024 09:12:00 +0100"
    message.set_content(STORM)
    message.add_attachment(DRILL.encode(), maintype="text", subtype="markdown", filename="drill.md")
    return message.as_bytes()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/mixed_files.py FOLDER")
    make(Path(sys.argv[1]))
