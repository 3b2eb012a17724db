"""PDFs made by fpdf2, line by line, against the text that a person reads on their pages."""

from __future__ import annotations

import io

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod
from hypothesis import given
from hypothesis import strategies as st

from retrieval.readers import Limits, Reading, read_pdf
from retrieval.readers.pages import joined
from retrieval.readers.pdf import ranges
from retrieval.readers.pdf_headings import Bookmark, by_bookmarks
from retrieval.readers.pdf_lines import Line, paragraphs
from retrieval.types import Heading


def blank(*pages: str, size: int = 11) -> FPDF:
    """A PDF with these texts, one a page, lines as they are given."""
    pdf = FPDF()
    for page in pages:
        pdf.add_page()
        pdf.set_font("helvetica", size=size)
        pdf.multi_cell(0, 6, page, align="L", new_x="LMARGIN", new_y="NEXT")
    return pdf


def picture() -> io.BytesIO:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(data, "PNG")
    data.seek(0)
    return data


def read(pdf: FPDF, name: str = "log book.pdf", reading: Reading | None = None):
    return read_pdf(name, bytes(pdf.output()), reading or Reading())


def only(report):
    (document,) = report.documents
    assert report.refused == ()
    return document


def test_pages_are_joined_by_blank_lines_and_their_starts_are_known():
    document = only(read(blank("first page", "second page", "third page")))
    assert document.text == "first page\n\nsecond page\n\nthird page"
    assert document.structure.pages == (0, 12, 25)
    assert (document.id, document.title) == ("log_book.pdf", "log book")


def test_properties_become_title_and_metadata():
    pdf = blank("words")
    pdf.set_title("Log book")
    pdf.set_author("Ada  Brandt")
    pdf.set_subject("Cranes")
    document = only(read(pdf))
    assert document.title == "Log book"
    assert (document.metadata["author"], document.metadata["subject"]) == ("Ada Brandt", "Cranes")


def test_soft_line_ends_are_joined_and_gaps_divide_paragraphs():
    sentence = "The crane turns slowly over the quay and sets its load down between the white lines. "
    pdf = blank((sentence * 4).strip())
    pdf.ln(8)
    pdf.multi_cell(0, 6, "A new paragraph.", new_x="LMARGIN", new_y="NEXT")
    assert only(read(pdf)).text == (sentence * 4).strip() + "\n\nA new paragraph."


def test_a_sentence_that_ends_early_ends_a_paragraph_and_items_stay_lines():
    long = "This line is long enough to reach the margin on the right hand side of the whole page here"
    text = f"Short end.\n{long} and goes on.\n- first item\n- second item"
    assert only(read(blank(text))).text == f"Short end.\n\n{long} and goes on.\n- first item\n- second item"


def test_rows_of_a_table_stay_lines():
    pdf = blank("Loads")
    pdf.ln(10)
    with pdf.table() as table:
        for row in (("Sling", "Load"), ("Green", "2 t"), ("Grey", "4 t")):
            table.row(row)
    assert only(read(pdf)).text == "Loads\n\nSling Load\nGreen 2 t\nGrey 4 t"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("the transfor-\nmation of the harbour took a long time", "the transformation of the harbour took a long time"),
        ("the well-\nknown crane and the well-known quay of it", "the well-known crane and the well-known quay of it"),
        ("the relay KX7-\nR2 is in the drawer below the old lamp", "the relay KX7-R2 is in the drawer below the old lamp"),
    ],
)
def test_hyphens_at_line_ends(lines, text):
    assert only(read(blank(lines))).text == text


def line(text: str, base: float, *, left: float = 0.0, size: float = 10.0, gap: float = 2.5) -> Line:
    """A line whose letters are 5 points wide."""
    first = text.split(" ")[0]
    return Line(text, size, base, left, left + 5.0 * len(text), left + 5.0 * len(first), gap)


def test_columns_are_read_one_after_the_other():
    left = [line("left one is here", 100), line("left two is here", 88)]
    right = [line("right one is here", 100, left=200), line("right two is here", 88, left=200)]
    assert [found.text for found in paragraphs([*left, *right])] == [
        "left one is here left two is here",
        "right one is here right two is here",
    ]


def test_other_sizes_are_other_paragraphs_and_titles_stand_alone():
    lines = [line("Wind", 124, size=18), line("it blows from the", 106), line("Gusts", 94), line("west and the south", 82)]
    assert paragraphs(lines)[0].text == "Wind"
    assert [found.text for found in paragraphs(lines, {"gusts"})] == ["Wind", "it blows from the", "Gusts", "west and the south"]


def test_bookmarks_are_headings_where_their_titles_stand():
    pdf = FPDF()
    for page in ("Wind", "Slings"):
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        pdf.cell(text="running head of the page", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(6)
        for title, level in ((page, 0), (f"{page} at night", 1)):
            pdf.start_section(title, level=level)
            pdf.cell(text=title, h=6, new_x="LMARGIN", new_y="NEXT")
            pdf.cell(text="what is said of it below the title", h=6, new_x="LMARGIN", new_y="NEXT")
    document = only(read(pdf))
    headings = document.structure.headings
    assert [(heading.level, heading.title) for heading in headings] == [
        (1, "Wind"),
        (2, "Wind at night"),
        (1, "Slings"),
        (2, "Slings at night"),
    ]
    for heading in headings:
        assert document.text[heading.start :].startswith(f"{heading.title}\n\n")
    assert headings[2].start > document.structure.pages[1]


def test_a_bookmark_whose_title_is_nowhere_stands_at_the_start_of_its_page():
    text, starts = joined(["one", "two Two", "three"])
    marks = [Bookmark("lost", 1, 1), Bookmark("TWO", 2, 1), Bookmark("two", 2, 1), Bookmark("Three", 9, 2)]
    assert starts == (0, 5, 14)
    assert by_bookmarks(text, starts, marks) == (
        Heading(5, 1, "lost"),
        Heading(5, 2, "TWO"),
        Heading(9, 2, "two"),
        Heading(14, 6, "Three"),
    )


def test_without_bookmarks_larger_letters_are_headings():
    pdf = FPDF()
    pdf.add_page()
    body = "The body of the text is set in letters of eleven points and is longer than its headings are."
    for text, size in (("Cranes", 22), (body, 11), ("Booms", 15), (body, 11), ("Hooks", 15), (body, 11)):
        pdf.set_font("helvetica", size=size)
        pdf.multi_cell(0, 10, text, new_x="LMARGIN", new_y="NEXT")
    document = only(read(pdf))
    assert [(heading.level, heading.title) for heading in document.structure.headings] == [
        (1, "Cranes"),
        (2, "Booms"),
        (2, "Hooks"),
    ]
    for heading in document.structure.headings:
        assert document.text[heading.start :].startswith(heading.title)


def test_one_size_of_letters_has_no_headings():
    assert only(read(blank("Title\n\ntext and text"))).structure.headings == ()


def test_an_encrypted_file_is_refused():
    pdf = blank("secret")
    pdf.set_encryption("owner", "user", EncryptionMethod.RC4, AccessPermission.none())
    report = read(pdf, "a.pdf")
    assert [str(refusal) for refusal in report.refused] == ["a.pdf is encrypted; save it without a password"]
    assert (report.documents, report.rows) == ((), 1)


def test_a_scan_is_refused():
    pdf = FPDF()
    pdf.add_page()
    pdf.image(picture(), w=100)
    report = read(pdf, "a.pdf")
    assert [str(refusal) for refusal in report.refused] == ["a.pdf holds pages without text (scanned?); run OCR"]
    assert report.documents == ()


def test_scanned_pages_among_others_are_noted_and_the_rest_is_kept():
    pdf = blank("first")
    for _ in range(2):
        pdf.add_page()
        pdf.image(picture(), w=100)
    pdf.add_page()
    pdf.cell(text="fourth")
    pdf.add_page()
    report = read(pdf, "a.pdf")
    assert [str(refusal) for refusal in report.refused] == ["a.pdf pages 2-3 without text (scanned?); run OCR"]
    assert report.documents[0].text == "first\n\nfourth"
    assert report.documents[0].structure.pages == (0, 7, 7, 7, 13)


def test_pages_without_anything_are_no_scan():
    pdf = FPDF()
    pdf.add_page()
    assert [str(refusal) for refusal in read(pdf, "a.pdf").refused] == ["a.pdf holds no text; leave it out"]


def test_the_limits_are_named_with_both_numbers():
    pages = read(blank("a", "b", "c"), "a.pdf", Reading(Limits(pages=2)))
    assert str(pages.refused[0]) == "a.pdf has 3 pages, the limit is 2; split it or raise the limit pages"
    characters = read(blank("twelve words"), "a.pdf", Reading(Limits(characters=11)))
    assert str(characters.refused[0]) == "a.pdf has 12 characters, the limit is 11; split it or raise the limit characters"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty; save it again or leave it out"),
        (b"%PDF-1.7\nand no more", "is a broken PDF, perhaps cut off; copy it again or print it to a new PDF"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(40),
            "is not what its name says: it seems to be a PNG image, not a PDF; give it the right suffix or convert it",
        ),
        (
            b"<!DOCTYPE html><p>text",
            "is not what its name says: it seems to be an HTML page, not a PDF; give it the right suffix or convert it",
        ),
        (
            b"only text",
            "is not what its name says: it does not begin as a PDF does; give it the right suffix or save it again",
        ),
    ],
)
def test_what_is_no_pdf_is_refused(data, reason):
    report = read_pdf("a.pdf", data)
    assert [str(refusal) for refusal in report.refused] == [f"a.pdf {reason}"]
    assert (report.documents, report.rows) == ((), 1)


def test_every_cut_of_a_file_gives_a_document_or_a_refusal():
    data = bytes(blank("first page", "second page").output())
    for size in range(0, len(data), 97):
        report = read_pdf("a.pdf", data[:size])
        assert len(report.documents) + len(report.refused) >= 1


@given(st.lists(st.text("ab ", max_size=4)))
def test_every_page_starts_where_its_text_does(pages):
    text, starts = joined(pages)
    assert len(starts) == len(pages)
    assert list(starts) == sorted(starts)
    assert all(text.startswith(page, start) for page, start in zip(pages, starts, strict=True))
    assert text == "\n\n".join(page for page in pages if page)


def test_numbers_in_short():
    assert ranges([1, 3, 4, 5, 9]) == "1, 3-5, 9"
