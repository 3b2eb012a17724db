"""HTML to Markdown, a page at a time."""

from __future__ import annotations

import pytest

from retrieval.readers import Limits, Reading, read_html
from retrieval.types import Structure


def markdown(html: str) -> str:
    (document,) = read_html("page.html", html.encode("utf-8")).documents
    assert document.structure == Structure("markdown")
    return document.text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Big</h1><h3>Small <em>one</em></h3><p>a\n  b</p>", "# Big\n\n### Small one\n\na b"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("<p>see <a href='http://x.example'>the link</a>, <b>now</b></p>", "see the link, now"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("before<div>inside</div>after", "before\n\ninside\n\nafter"),
        ("<p>press <kbd>Esc</kbd> or <code> a_b </code></p>", "press `Esc` or `a_b`"),
        ("<img src='x' alt='A crane'> stands", "A crane stands"),
        ("<p># no heading<br>- no list</p>", "\\# no heading\n- no list"),
        ("<p>a<br>---</p>", "a\n\\---"),
        ("<blockquote><p>one<p>two</blockquote>", "> one\n>\n> two"),
        ("<body><p>a</p></body></html><p>after the end</p>", "a\n\nafter the end"),
        ("<dl><dt>Word<dd>Meaning</dl>", "Word\n\nMeaning"),
        ("a &lt;b&gt; &amp; &eacute;&#x6f22;", "a <b> & é漢"),
    ],
)
def test_sentences_and_headings(html, text):
    assert markdown(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol start=9><li>one<li>two</ol>", "9. one\n10. two"),
        ("<ul><li>one<ol><li>deep<li>deeper</ol><li>two</ul>", "- one\n  1. deep\n  2. deeper\n- two"),
        ("<ul><li><p>one</p><p>more</p></li><li>two</ul>", "- one\n\n  more\n- two"),
        ("<ul><li>run<pre>x = 1\ny = 2</pre></ul>", "- run\n\n  ```\n  x = 1\n  y = 2\n  ```"),
        ("<ul><li></li></ul>text", "text"),
    ],
)
def test_lists(html, text):
    assert markdown(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>  a\n\n  b\n</pre>", "```\n  a\n\n  b\n```"),
        ("<pre><code class='hljs language-python'>x</code></pre>", "```python\nx\n```"),
        ("<pre class='highlight-c'>a<b>b</b>\n<span>c</span></pre>", "```c\nab\nc\n```"),
        ("<pre>```\na\n```</pre>", "````\n```\na\n```\n````"),
        ("<pre>a<h2>b</h2>c<br>d</pre>", "```\nabc\nd\n```"),
    ],
)
def test_code_keeps_its_lines(html, text):
    assert markdown(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<table><caption>Loads</caption><thead><tr><th>A<th>B</thead><tr><td>1<td><p>2</p><p>3</p></table>",
            "Loads\n\n| A | B |\n| --- | --- |\n| 1 | 2 3 |",
        ),
        ("<table><tr><td>a|b<td>c</table>", "| a\\|b | c |\n| --- | --- |"),
        (
            "<table><tr><td colspan=2>A<td>B<tr><td>1<td>2<td>3</table>",
            "| A | | B |\n| --- | --- | --- |\n| 1 | 2 | 3 |",
        ),
        ("<table><tr><td>A<tr><td>1<td>2</table>", "| A | |\n| --- | --- |\n| 1 | 2 |"),
        ("<table><tr><td>only<tr><td>one column</table>", "only\n\none column"),
        (
            "<table><tr><td><h2>Left</h2>a<td><table><tr><td>1<td>2</table></table>",
            "## Left\n\na\n\n| 1 | 2 |\n| --- | --- |",
        ),
    ],
)
def test_tables_hold_data_or_only_arrange(html, text):
    assert markdown(html) == text


def test_a_cell_that_claims_a_million_columns_takes_fifty():
    assert markdown("<table><tr><td colspan=999999>a<td>b</table>").count("|") == 2 * 52


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        "<nav>menu</nav>",
        "<template>later</template>",
        "<noscript>switch it on</noscript>",
        "<p hidden>secret</p>",
        "<p style='color: red; DISPLAY : none'>secret</p>",
        "<span aria-hidden=true>icon</span>",
        "<svg><text>drawn</text></svg>",
        "<!-- remark -->",
        "<input type=hidden value=token>",
    ],
)
def test_what_nobody_sees_is_dropped_and_what_follows_stays(html):
    assert markdown(f"<p>a</p>{html} tail<p>b</p>") == "a\n\ntail\n\nb"


def test_title_and_metadata():
    html = '<html lang="de"><title> Kräne \n im Hafen</title><meta name="Author" content="Ada"><h1>Other</h1>'
    (document,) = read_html("docs/a b.html", html.encode()).documents
    assert (document.id, document.title) == ("docs/a_b.html", "Kräne im Hafen")
    assert document.metadata == {"language": "de", "author": "Ada"}


def test_without_a_title_the_first_heading_counts_then_the_stem():
    assert read_html("a.html", b"<h2>Low</h2><h1>High</h1>").documents[0].title == "High"
    assert read_html("a.html", b"<h2>Low</h2>").documents[0].title == "a"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="iso-8859-2">', "iso-8859-2"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "cp1251"),
        ("<meta charset=shift_jis>", "shift_jis"),
    ],
)
def test_the_charset_that_the_page_names_is_used(head, encoding):
    words = {"iso-8859-2": "Łódź", "shift_jis": "漢字"}.get(encoding, "Журавль")
    assert read_html("a.html", f"{head}<p>{words}".encode(encoding)).documents[0].text == words


def test_a_mark_counts_more_than_the_named_charset_and_a_false_one_less_than_the_bytes():
    assert read_html("a.html", "<meta charset=koi8-r><p>Größe".encode("utf-8-sig")).documents[0].text == "Größe"
    assert read_html("a.html", "<meta charset=nonsense><p>Größe".encode()).documents[0].text == "Größe"
    assert read_html("a.html", "<meta charset=utf-16><p>Größe".encode()).documents[0].text == "Größe"


def test_any_depth_of_tags_is_read_or_refused_in_a_sentence():
    assert read_html("a.html", b"<div>" * 1000 + b"deep").documents[0].text == "deep"
    for tag in ("div", "b", "ul><li", "blockquote", "table><tr><td", "pre"):
        report = read_html("a.html", f"<{tag}>x".encode() * 50_000)
        assert [str(refusal) for refusal in report.refused] == [
            "a.html is nested too deeply; close the tags or save the page as text"
        ]


def test_the_limit_of_characters_and_foreign_files():
    report = read_html("a.html", b"<p>four words are here", Reading(Limits(characters=5)))
    assert str(report.refused[0]) == "a.html has 19 characters, the limit is 5; split it or raise the limit characters"
    (refusal,) = read_html("a.html", b"%PDF-1.7 \x80").refused
    assert refusal.reason.startswith("is not what its name says: it seems to be a PDF, not an HTML page")


@pytest.mark.parametrize("html", ["", " ", "<!-- open", "<", "<>", "</p>", "<table>", "<frameset>", "<?xml?>"])
def test_pages_without_words_are_documents_without_words(html):
    (document,) = read_html("a.html", html.encode()).documents
    assert document.text.strip() in ("", "<", "<>")
