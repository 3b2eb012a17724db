"""What the tests of the page Evaluate share: the page, opened as a deep link opens it, and what is on it."""

import json
import time

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.common import running
from tests.app.conftest import ROOT


def shown(**parameters):
    """The page over the corpus of the tests with an embedder that is learned in a moment, unless the parameters say otherwise."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app._page_hash = calc_hash("evaluate")  # what st.navigation gives the page with this url_path
    for name, value in {"corpus": "shop", "embedder": "LSA", **parameters}.items():
        app.query_params[name] = value
    return ran(app)


def ran(app):
    app.run()
    assert not app.exception, app.exception
    return app


def ended(app):
    """The page once its job has ended; while one runs the page says that it may be left."""
    for _ in range(600):
        if running.STAYS not in words(app):
            return app
        time.sleep(0.1)
        app = ran(app)
    raise AssertionError("the job did not end within a minute")


def words(app):
    """All that is written on the page."""
    kinds = (app.caption, app.markdown, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def table(app, *columns):
    """The first table that has these columns."""
    return next(frame.value for frame in app.dataframe if set(columns) <= set(frame.value.columns))


def cells(app, column, *columns):
    """A column of that table by run."""
    found = table(app, "run", column, *columns)
    return dict(zip(found["run"], found[column], strict=True))


def put(app, key, names):
    """Choose these options of a multiselect."""
    app.multiselect(key=key).set_value(names)
    return ran(app)


def typed(app, key, texts):
    """Run the app anew with options of a multiselect that were typed in."""
    states = app._tree.get_widget_states()
    id = app.multiselect(key=key).proto.id
    found = next(widget for widget in states.widgets if widget.id == id)
    found.string_array_value.data[:] = texts
    app._run(states)
    assert not app.exception, app.exception
    return app


def selected(app, row):
    """Run the app anew after a click on the box of a row of the table that is drawn last."""
    states = app._tree.get_widget_states()
    chosen = json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}})
    states.widgets.add(id=app.dataframe[-1].proto.id, string_value=chosen)
    app._run(states)
    assert not app.exception, app.exception
    return app


def submit(app, label):
    """Press the button of a form."""
    next(button for button in app.button if button.label == label).click()
    return ran(app)
