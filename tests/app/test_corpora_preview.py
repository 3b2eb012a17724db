"""The section Chunks of the Corpora page, run without a browser."""

import json
from itertools import pairwise

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.common import state
from pages.corpora import charts, marking, picking, preview
from retrieval import Chunk, Document, LengthReport, Pipeline, StructureAware
from tests.app.conftest import write
from tests.app.driving import ROOT, ran

HOSTILE = "<script>alert(1)</script> **bold** :smile: :red[red] [x](javascript:alert(1)) $x^2$\n# no heading\n- no list\n    code"
TEN = "one two three four five six seven eight nine ten"


@pytest.fixture
def chunks():
    """Open the section Chunks with URL parameters, on the page alone."""

    def run(**parameters):
        app = AppTest.from_file(str(ROOT / "pages" / "corpora" / "view.py"), default_timeout=120)
        for name, value in {"corpus": "shop", "embedder": "LSA", "part": "Chunks", **parameters}.items():
            app.query_params[name] = value
        return ran(app)

    return run


@pytest.fixture
def texts_of(chunks, corpora):
    """The marked texts of A and B for a corpus of one document."""

    def run(text, title="", **parameters):
        write(corpora / "corpora" / "one", [{"_id": "d", "title": title, "text": text}], [], None)
        return marked(chunks(corpus="one", **parameters))

    return run


def marked(app):
    """What is drawn in the two texts."""
    return [element.value for element in app.markdown if "-badge[\\#" in element.value]


def said(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def measured(spans, tokens, limit=None, seen=None, text=TEN, **details):
    found = [Chunk(f"d#{at:04d}", "d", text[start:end], start, end, **details) for at, (start, end) in enumerate(spans)]
    return marking.Measured(found, np.array(tokens), limit, lambda chunk: seen)


def test_b_is_structure_aware_beside_another_chunker_and_fixed_size_beside_that(chunks):
    other = state.OTHER + state.CHUNKER
    assert chunks(chunker="fixed size").selectbox(key=other).value == "structure-aware"
    assert chunks(chunker="structure-aware").selectbox(key=other).value == "fixed size"


def test_a_knob_moves_its_own_side_alone(texts_of, chunks):
    before = texts_of(" ".join([TEN] * 10), chunker="fixed size", size="50", overlap="0")
    assert [text.count("-badge[") for text in before] == [2, 1]  # 100 words by 50, and by 200
    app = chunks(corpus="one", chunker="fixed size", size="50", overlap="0")
    app.slider(key=state.CHUNK_SIZE).set_value(20).run()
    assert [text.count("-badge[") for text in marked(app)] == [5, 1]
    app.slider(key=state.OTHER + state.CHUNK_SIZE).set_value(50).run()
    assert [text.count("-badge[") for text in marked(app)] == [5, 2]
    assert "other_size" not in app.query_params


def test_use_b_for_the_build_copies_its_settings(chunks):
    app = chunks(chunker="fixed size", size="50")
    app.slider(key=state.OTHER + state.CHUNK_SIZE).set_value(70).run()
    app.toggle(key=state.OTHER + state.CONTEXT).set_value(False).run()
    app.button(key="use B").click().run()
    assert app.selectbox(key=state.CHUNKER).value == "structure-aware"
    assert (app.slider(key=state.CHUNK_SIZE).value, app.toggle(key=state.CONTEXT).value) == (70, False)
    assert app.button(key="use B").disabled  # nothing is left to copy


def test_previous_and_next_walk_through_the_documents(chunks):
    app = chunks()
    assert app.selectbox(key=state.PREVIEWED).value == "d1"
    app.button(key="document after").click().run()
    assert app.selectbox(key=state.PREVIEWED).value == "d2"
    assert "dry" in marked(app)[0]
    app.selectbox(key=state.PREVIEWED).set_value("d4").run()
    assert app.button(key="document after").disabled
    app.button(key="document before").click().run()
    assert app.selectbox(key=state.PREVIEWED).value == "d3"


def test_more_documents_than_a_list_offers_are_searched_by_title(chunks, corpora):
    rows = [{"_id": f"d{n:04d}", "title": f"Part {n}", "text": TEN} for n in range(picking.OFFERED + 100)]
    write(corpora / "corpora" / "many", rows, [], None)
    app = chunks(corpus="many")
    assert len(app.selectbox(key=state.PREVIEWED).options) == picking.OFFERED
    app.text_input(key=state.PREVIEW_FIND).set_value("part 59").run()
    assert [option.split(" · ")[1] for option in app.selectbox(key=state.PREVIEWED).options] == [
        "d0059",
        *(f"d0{n}" for n in range(590, 600)),
    ]
    app.text_input(key=state.PREVIEW_FIND).set_value("nothing such").run()
    assert "No title or id holds these words" in said(app)


def test_a_hostile_document_stays_text(texts_of):
    for text in texts_of(HOSTILE, "<b>bold</b> :smile:", chunker="fixed size"):
        assert r"\<script\>alert\(1\)\<\/script\> \*\*bold\*\*" in text
        assert r"\[x\]\(javascript\:alert\(1\)\) \$x\^2\$" in text
        assert ":smile:" not in text
        assert ":red[" not in text
        assert r":blue-background[\# no heading]" in text
        assert "\u00a0\u00a0\u00a0\u00a0:blue-background[code]" in text
        assert r"\<b\>bold\<\/b\>" in text


def test_overlaps_are_coloured_and_said():
    found = marking.markdown(measured([(0, 18), (14, 33)], [4, 4]), TEN, 0, len(TEN))
    assert found == (
        ":blue-badge[\\#1 · 4 tokens]  \n:blue-background[one two three] \n\n"
        ":gray-badge[\\#2 · 4 tokens · overlaps \\#1]  \n:orange-background[four] :gray-background[five six seven]"
    )


def test_what_the_model_does_not_see_is_marked_and_counted():
    found = marking.markdown(measured([(0, 18)], [6], limit=4, seen=8), TEN, 0, 18)
    assert ":blue-background[one two]" in found
    assert "2 tokens of \\#1 not seen by the model]  \n:red-background[three four]" in found


def test_page_path_and_context_stand_at_the_boundary():
    chunk = Chunk("d", "d", TEN, 0, len(TEN), "Manual", ("Manual", "Care", "Oil <b>"), (2, 3), "Manual > Care")
    found = marking.markdown(marking.Measured([chunk], np.array([12]), None, lambda chunk: 0), TEN, 0, len(TEN))
    first, second, _ = found.split("  \n")
    assert first.endswith(r"12 tokens · pages 2–3 · Care › Oil \<b\>]")
    assert second == r":gray[:small[*Manual \> Care*]]"


def test_a_chunk_that_began_before_the_window_goes_on():
    assert "\\#1 goes on · 10 tokens" in marking.markdown(measured([(0, len(TEN))], [10]), TEN, 14, 30)


def test_lines_keep_their_shape():
    flow = marking.Flow()
    marking.lay(flow, "a  b\n\n- c\n\td\n", "blue")
    assert flow.markdown == (
        ":blue-background[a\u00a0\u00a0b]\n\n:blue-background[\\- c]  \n\u00a0\u00a0\u00a0\u00a0:blue-background[d]"
    )


def test_figures_are_worked_out():
    report = LengthReport(3, 8.0, 6.0, 14, 1 / 3, 4)
    assert "**3** chunks in this document · tokens: mean **8**, median **6**, longest **14**" in preview.facts(
        report, 10, "this document"
    )
    assert preview.loss(report, 10) == ":red[**33%** of them cut off, **4** tokens not seen: the model reads 10.]"
    assert "**4** tokens not seen in the sample: " in preview.loss(report, 10, " in the sample")
    assert "any length" in preview.loss(report, None)
    assert (preview.percent(0.0), preview.percent(0.004), preview.percent(0.25)) == ("0%", "under 1%", "25%")


def test_the_figures_of_a_document_are_on_the_page(chunks):
    app = chunks(chunker="whole document")  # 14 words of text behind 2 of the title
    assert any(
        "**1** chunk in this document · tokens: mean **16**, median **16**, longest **16**" in text.value for text in app.markdown
    )
    assert "**4** chunks in 4 documents" in said(app)
    assert "All 4 documents" in said(app)


def test_the_histogram_has_every_chunk_and_tells_the_sides_apart():
    figure = charts.chunk_lengths({"A": np.array([10, 10, 2000]), "B": np.array([300])}, 256)
    assert [float(np.sum(bar.y)) for bar in figure.data] == [1.0, 1.0]
    assert figure.data[0].marker.pattern.shape is None
    assert figure.data[1].marker.pattern.shape == "/"
    assert figure.layout.shapes[0].x0 == 256.5
    assert figure.layout.xaxis.title.text == "tokens of a chunk, 1,024 and more in the last bar"


def test_long_documents_are_shown_in_windows(chunks, corpora):
    text = "\n".join(f"line {n} of the long text" for n in range(2000))
    write(corpora / "corpora" / "long", [{"_id": "d", "title": "", "text": text}], [], None)
    app = chunks(corpus="long", chunker="fixed size", size="100", overlap="0")
    assert app.button(key="text Earlier").disabled
    assert len(marked(app)[0]) < 4 * picking.WINDOW < len(text)
    app.button(key="text Later").click().run()
    assert "\\#1 · " not in marked(app)[0]
    app.number_input(key=state.PREVIEW_CHUNK).set_value(3).run()
    assert marked(app)[0].startswith(":gray-badge[\\#2 goes on · ")  # the line in which chunk 3 starts
    assert "\n\n:blue-badge[\\#3 · " in marked(app)[0]
    app.button(key="text Earlier").click().run()
    assert "\\#1 · " in marked(app)[0]


def test_windows_walk_over_the_whole_text():
    text = "\n".join("x" * 79 for _ in range(1000))
    at, walked = 0, []
    while at < len(text):
        walked.append(picking.window(text, 0, len(text), at))
        at = walked[-1][1]
    assert all(before[1] == after[0] for before, after in pairwise(walked))
    assert all(picking.WINDOW - 500 <= end - start <= picking.WINDOW for start, end in walked[:-1])


def test_empty_states_have_a_sentence(chunks, corpora):
    assert "There is nothing to cut yet" in said(chunks(corpus="void"))
    write(corpora / "corpora" / "blank", [{"_id": "d", "title": "Blank", "text": "  "}], [], None)
    assert "no text, so there is nothing to cut" in said(chunks(corpus="blank"))


def test_a_model_that_cannot_be_loaded_leaves_the_page(chunks):
    app = chunks(embedder="sentence-transformers", model="no/such-model")
    assert any("could not be loaded" in error.value for error in app.error)
    assert app.selectbox(key=state.PREVIEWED).value == "d1"


def test_names_of_documents_tell_equal_titles_apart():
    names = {picking.name(Document(id, TEN, "Same")) for id in ("a", "b")}
    assert names == {"Same · a", "Same · b"}
    assert picking.name(Document("a", TEN)) == "a"


def test_settings_that_are_copied_are_those_of_the_chunker():
    pipeline = Pipeline(chunker=StructureAware(70, 10, False))
    assert json.loads(json.dumps(preview.pipelines.chunker_state(pipeline))) == {
        "chunker": "structure-aware",
        "context": False,
        "size": 70,
        "overlap": 10,
    }
