"""What the tests of the page Evaluate share: the page, its table of runs, and the run of another system."""

from pages.common import state
from retrieval import LSA, Pipeline
from tests.app.driving import deep_link, ran, table

STAGES = ["dense", "sparse", "fused", "reranked"]
LSA_PIPELINE = Pipeline(embedder=LSA())
RUN = "q1 Q0 d2 1 9 other\nq1 Q0 d1 2 8 other\nq2 Q0 d3 1 7 other\n"


def shown(**parameters):
    """The page over the corpus of the tests with an embedder that is learned in a moment, unless the parameters say otherwise."""
    return deep_link("evaluate", **{"corpus": "shop", "embedder": "LSA", **parameters})


def cells(app, column, *columns):
    """A column of the table of runs by run."""
    found = table(app, "run", column, *columns)
    return dict(zip(found["run"], found[column], strict=True))


def put(app, key, names):
    """Choose these options of a multiselect."""
    app.multiselect(key=key).set_value(names)
    return ran(app)


def uploaded(app, text, name="theirs.run"):
    """Upload the run of another system."""
    uploader = next(box for box in app.file_uploader if state.OTHER_RUN_UPLOADS in (box.key or ""))
    uploader.upload(name, text.encode())
    return ran(app)
