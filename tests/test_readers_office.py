"""Word files, presentations and workbooks, and the guard in front of their parsers."""

from __future__ import annotations

import datetime
import io
import zipfile

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from retrieval.readers import Limits, Reading, read_docx, read_pptx, read_xlsx

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p>'
    "</w:body></w:document>"
)


def saved(file) -> bytes:
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def changed(data: bytes, **parts: bytes) -> bytes:
    """The archive with some parts replaced or added; "/" in a name is written "__"."""
    new = {name.replace("__", "/"): content for name, content in parts.items()}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, new.pop(name) if name in new else old.read(name))
        for name, content in new.items():
            archive.writestr(name, content)
    return result.getvalue()


def only(report):
    (document,) = report.documents
    assert report.refused == ()
    return document


def reason(report) -> str:
    (refusal,) = report.refused
    assert report.documents == ()
    return refusal.reason


def test_a_word_file_keeps_headings_lists_tables_and_code():
    file = docx.Document()
    file.core_properties.title = "Crane book"
    file.core_properties.author = "Ada"
    file.core_properties.created = datetime.datetime(2024, 3, 4, 5, 6)
    file.styles.add_style("Code", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    file.add_heading("Cranes", 1)
    file.add_paragraph("They ").add_run("lift").bold = True
    file.add_heading("Parts", 2)
    for text, style in (("hook", "List Bullet"), ("boom", "List Bullet"), ("x = 1", "Code"), ("y = 2", "Code")):
        file.add_paragraph(text, style=style)
    table = file.add_table(rows=2, cols=2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], ("A", "B", "1", "2|3"), strict=True):
        cell.text = text
    document = only(read_docx("my book.docx", saved(file)))
    assert document.text == (
        "# Cranes\n\nThey lift\n\n## Parts\n\n- hook\n- boom\n\n```\nx = 1\ny = 2\n```\n\n| A | B |\n| --- | --- |\n| 1 | 2\\|3 |"
    )
    assert (document.id, document.title, document.structure.syntax) == ("my_book.docx", "Crane book", "markdown")
    assert document.metadata == {"author": "Ada", "created": "2024-03-04"}


def test_the_title_of_a_word_file_is_its_first_heading_else_the_stem():
    file = docx.Document()
    file.add_heading("On the cover", 0)
    assert only(read_docx("a.docx", saved(file))).title == "On the cover"
    assert only(read_docx("a.docx", word("text"))).title == "a"


def test_a_slide_is_a_page_and_a_section():
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "Cranes"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Parts"
    second.placeholders[1].text = "hook"
    deeper = second.placeholders[1].text_frame.add_paragraph()
    deeper.text, deeper.level = "latch", 1
    second.notes_slide.notes_text_frame.text = "Show one."
    third = deck.slides.add_slide(deck.slide_layouts[6])
    table = third.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
    for at, text in enumerate(("A", "B", "1", "2")):
        table.cell(at // 2, at % 2).text = text
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "# grouped"
    document = only(read_pptx("a.pptx", saved(deck)))
    assert document.text == (
        "## Cranes\n\n## Parts\n\n- hook\n  - latch\n\nNotes: Show one.\n\n"
        "## Slide 3\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n\\# grouped"
    )
    assert [document.text[start:][:8] for start in document.structure.pages] == ["## Crane", "## Parts", "## Slide"]
    assert document.title == "Cranes"


def test_a_sheet_is_a_page_and_a_section_and_values_are_as_written():
    book = openpyxl.Workbook()
    book.properties.title = "Prices"
    sheet = book.active
    sheet.title = "Cranes & hooks"
    for row in (
        ["As of today"],
        [],
        [None, "Part", "Price", None, "Since"],
        [None, "Hook", 12.0, None, datetime.date(2024, 1, 2)],
    ):
        sheet.append(row)
    sheet.append([None, "Boom", 0.1 + 0.2, None, datetime.datetime(2024, 1, 2, 3, 4)])
    sheet.append([None, "a|b", True, None, None])
    book.create_sheet("Empty")
    book.create_sheet("Far")["XFD1048576"] = "corner"
    document = only(read_xlsx("a.xlsx", saved(book)))
    assert document.text == (
        "## Cranes & hooks\n\nAs of today\n\n| Part | Price | Since |\n| --- | --- | --- |\n| Hook | 12 | 2024-01-02 |\n"
        "| Boom | 0.3 | 2024-01-02 03:04:00 |\n| a\\|b | TRUE |\n\n## Empty\n\n## Far\n\ncorner"
    )
    assert [document.text[start:].split("\n")[0] for start in document.structure.pages] == [
        "## Cranes & hooks",
        "## Empty",
        "## Far",
    ]
    assert document.title == "Prices"


def test_formulas_give_their_stored_values_and_those_without_are_noted():
    book = openpyxl.Workbook()
    book.active.append(["Sum", "=1+1"])
    data = saved(book)
    report = read_xlsx("a.xlsx", data)
    assert report.documents[0].text == "## Sheet\n\nSum"
    assert [str(refusal) for refusal in report.refused] == [
        "a.xlsx holds formulas without stored values (1), they stay empty; open it in a spreadsheet program and save it"
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    filled = sheet.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    assert filled != sheet
    computed = only(read_xlsx("a.xlsx", changed(data, **{"xl__worksheets__sheet1.xml": filled})))
    assert computed.text == "## Sheet\n\n| Sum | 2 |\n| --- | --- |"


def test_a_wide_or_long_sheet_is_refused_before_it_is_written():
    book = openpyxl.Workbook()
    for row in range(1, 200):
        book.active.cell(row, 1, "x")
        book.active.cell(row, 2000 + row, "y")
    assert reason(read_xlsx("a.xlsx", saved(book), Reading(Limits(characters=100_000)))).endswith(
        "characters, the limit is 100,000; split it or raise the limit characters"
    )


def test_rows_that_reach_to_the_last_column_are_refused_by_what_they_span():
    book = openpyxl.Workbook()
    for row in range(1, 8):
        book.active[f"XFD{row}"] = "y"
    assert reason(read_xlsx("a.xlsx", saved(book), Reading(Limits(characters=100_000)))) == (
        "spans more than 100,000 cells, filled or empty; delete what is empty between the others"
    )


@pytest.mark.parametrize("read", [read_docx, read_pptx, read_xlsx])
def test_what_is_no_office_file_is_refused(read):
    kind = {read_docx: "a DOCX", read_pptx: "a PPTX", read_xlsx: "an XLSX"}[read]
    assert reason(read("a", b"")) == "is empty; save it again or leave it out"
    assert reason(read("a", b"<html><p>Saved from a browser")) == (
        f"is not what its name says: it seems to be an HTML page, not {kind}; give it the right suffix or convert it"
    )
    assert reason(read("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))) == (
        f"is encrypted or in the old format of before 2007; save it as {kind} without a password"
    )
    assert reason(read("a", word("cut off")[:3000])) == "is a broken ZIP archive, perhaps cut off; copy it again"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notes.txt", "only text")
    assert reason(read("a", archive.getvalue())) == (
        f"is not what its name says: it seems to be a ZIP archive, not {kind}; give it the right suffix"
    )


def test_an_office_file_without_its_list_of_parts_is_damaged():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    assert reason(read_xlsx("a", archive.getvalue())) == (
        "is damaged, for its part [Content_Types].xml is missing; copy or save it again"
    )


def test_one_kind_of_office_file_is_not_another():
    assert reason(read_docx("a.docx", saved(openpyxl.Workbook()))) == (
        "is not what its name says: it seems to be an XLSX, not a DOCX; give it the right suffix"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml", "word/new.bin"])
def test_entities_are_refused_wherever_and_however_they_are_declared(part, encoding):
    data = word("text")
    bad = changed(data, **{part.replace("/", "__"): LAUGHS.encode(encoding)})
    assert reason(read_docx("a.docx", bad)) == f"declares entities in {part}, which are never expanded; save it again"


def test_a_declaration_is_found_behind_a_long_remark_and_across_pieces():
    for filler in (2**20 - 60, 2**20 - 55, 2**20 + 7):
        text = f'<?xml version="1.0"?><!--{"x" * filler}--><!DOCTYPE w SYSTEM "http://x.example/w.dtd"><w/>'
        bad = changed(word("text"), **{"word__extra.xml": text.encode()})
        assert "declares entities in word/extra.xml" in reason(read_docx("a.docx", bad))


def test_an_encoding_that_could_hide_a_declaration_is_refused():
    text = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE w+AD4-<w/>'
    assert reason(read_docx("a.docx", changed(word("text"), **{"word__document.xml": text}))) == (
        'is encoded as "UTF-7" in word/document.xml; Office files are UTF-8 or UTF-16, save it again'
    )


def test_a_picture_or_printer_setting_may_be_a_document_of_its_own():
    plist = b'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//X//DTD" "http://x.example/p.dtd"><plist/>'
    assert only(read_docx("a.docx", changed(word("text"), **{"word__printer.bin": plist}))).text == "text"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(files=3), "parts, the limit is 3; split it or raise the limit files"),
        (Limits(unpacked=1000), "bytes, the limit is 1,000; split it or raise the limit unpacked"),
        (Limits(characters=5), "has 9 characters, the limit is 5; split it or raise the limit characters"),
    ],
)
def test_the_limits_are_named(limits, words):
    assert words in reason(read_docx("a.docx", word("some text"), Reading(limits)))


def test_a_bomb_is_refused_by_its_ratio():
    bomb = changed(word("text"), **{"word__zeros.xml": bytes(40 * 2**20)})
    assert "times its size, the limit is 200; raise the limit ratio if you trust it" in reason(read_docx("a.docx", bomb))


def test_slides_and_sheets_count_as_pages():
    deck = Presentation()
    book = openpyxl.Workbook()
    for _ in range(2):
        deck.slides.add_slide(deck.slide_layouts[6])
        book.create_sheet()
    few = Reading(Limits(pages=1))
    assert reason(read_pptx("a.pptx", saved(deck), few)) == "has 2 slides, the limit is 1; split it or raise the limit pages"
    assert reason(read_xlsx("a.xlsx", saved(book), few)) == "has 3 sheets, the limit is 1; split it or raise the limit pages"


@pytest.mark.parametrize(
    ("read", "data", "part"),
    [
        (read_docx, word("text"), "word__document.xml"),
        (read_xlsx, saved(openpyxl.Workbook()), "xl__workbook.xml"),
        (read_pptx, saved(Presentation()), "ppt__presentation.xml"),
    ],
)
def test_broken_xml_is_a_refusal_with_a_remedy(read, data, part):
    words = reason(read("a", changed(data, **{part: b"<w:document"})))
    assert words.startswith("cannot be read as ")
    assert words.endswith("open it in its program and save it again")


def test_xml_that_is_nested_beyond_all_bounds_is_a_refusal():
    deep = b"<w:sdt><w:sdtContent>" * 5000 + b"</w:sdtContent></w:sdt>" * 5000
    namespace = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    text = namespace + deep + b"</w:body></w:document>"
    assert "nested too deeply" in reason(read_docx("a.docx", changed(word("text"), **{"word__document.xml": text})))
