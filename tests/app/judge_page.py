"""What the tests of query sets and files share: the page, and tables that are edited as a browser does it, by their state."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from pages.common import state
from tests.app.driving import ROOT, ran, ran_with


def shown(section, rater="", **parameters):
    """The Judge page alone, at a section, for a rater, over the corpus of the tests unless the parameters say otherwise."""
    app = AppTest.from_file(str(ROOT / "pages" / "judge" / "view.py"), default_timeout=120)
    for name, value in {"corpus": "shop", "embedder": "LSA", "judge": section, **parameters}.items():
        app.query_params[name] = value
    if rater:
        app.session_state[state.RATER] = rater
    return ran(app)


def words(app):
    """All that is written on the page."""
    kinds = (app.caption, app.markdown, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def figures(app):
    """The figures of a preview by their names."""
    return {metric.label: metric.value for metric in app.metric}


def uploaded(app, name, text):
    """Put a file into the upload of the section, which is the last of the page."""
    app.file_uploader[-1].upload(name, text.encode())
    return ran(app)


def table(app):
    """What is in the first table that can be edited."""
    return app.data_editor[0].value


def edit(app, rows, table=0):
    """Run the app anew with `rows` of a table edited: {row: {column: value}}, all that was typed since it was drawn first."""
    states = app._tree.get_widget_states()
    state = {"edited_rows": {str(row): cells for row, cells in rows.items()}, "added_rows": [], "deleted_rows": []}
    states.widgets.add(id=app.data_editor[table].proto.id, string_value=json.dumps(state))
    return ran_with(app, states)


def typed(app, key, text):
    """Run the app anew with a text typed into a select box that takes other options than its own."""
    states = app._tree.get_widget_states()
    id = app.selectbox(key=key).proto.id
    next(widget for widget in states.widgets if widget.id == id).string_value = text
    return ran_with(app, states)
