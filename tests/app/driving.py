"""What the tests of pages share: a page opened as a deep link opens it, what is written on it, and what a person does there."""

import json
import os
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from retrieval import Jobs

ROOT = Path(__file__).resolve().parents[2]
CANCEL = "cancel "


def deep_link(page, **parameters):
    """The app at a page with URL parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app._page_hash = calc_hash(page)  # what st.navigation gives the page with this url_path
    for name, value in parameters.items():
        app.query_params[name] = value
    return ran(app)


def ran(app):
    app.run()
    assert not app.exception, app.exception
    return app


def ended(app):
    """The page once the jobs have ended that it can cancel."""
    jobs, deadline = Jobs(Path(os.environ["PLAYGROUND_HOME"])), time.monotonic() + 60
    while names := [button.key.removeprefix(CANCEL) for button in app.button if (button.key or "").startswith(CANCEL)]:
        assert time.monotonic() < deadline, f"{names} did not end within a minute"
        if any(jobs.status(name).alive for name in names):
            time.sleep(0.05)
        else:
            ran(app)
    return app


def words(app):
    """All that is written on the page."""
    kinds = (app.caption, app.markdown, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "").replace("\u2060", "")


def table(app, *columns):
    """The content of the first table that has these columns."""
    return framed(app, *columns).value


def framed(app, *columns):
    """The first table that has these columns."""
    return next(frame for frame in app.dataframe if set(columns) <= set(frame.value.columns))


def press(app, key):
    """Press the button with a key."""
    app.button(key=key).click()
    return ran(app)


def submit(app, label):
    """Press the button with a label, as that of a form, which has no key."""
    next(button for button in app.button if button.label == label).click()
    return ran(app)


def clicked(app, row, *columns):
    """Run the app anew after a click on the box of a row of the first table that has these columns."""
    states, id = app._tree.get_widget_states(), framed(app, *columns).proto.id
    for widget in [widget for widget in states.widgets if widget.id == id]:
        states.widgets.remove(widget)
    states.widgets.add(id=id, string_value=json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}}))
    return ran_with(app, states)


def typed(app, key, texts):
    """Run the app anew with options of a multiselect that were typed in."""
    states, id = app._tree.get_widget_states(), app.multiselect(key=key).proto.id
    next(widget for widget in states.widgets if widget.id == id).string_array_value.data[:] = texts
    return ran_with(app, states)


def ran_with(app, states):
    """Run the app anew with these states of its widgets."""
    app._run(states)
    assert not app.exception, app.exception
    return app
