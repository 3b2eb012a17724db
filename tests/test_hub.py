"""A hub that does not answer is asked once a minute, and loads then look at this computer only."""

import huggingface_hub
import huggingface_hub.constants
import pytest

from retrieval import hub


@pytest.fixture
def asked(monkeypatch):
    """How often the hub was asked; it is neither offline by setting nor remembered."""
    calls = []
    monkeypatch.setattr(hub, "_last", (float("-inf"), False))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)

    def install(answer):
        class Session:
            def head(self, address, timeout):
                calls.append((address, timeout))
                if isinstance(answer, Exception):
                    raise answer
                return answer

        monkeypatch.setattr(huggingface_hub, "get_session", Session)
        return calls

    return install


def test_an_answer_is_remembered(asked):
    calls = asked("hello")
    assert [hub.reachable(), hub.reachable()] == [True, True]
    assert calls == [(huggingface_hub.constants.ENDPOINT, hub.TIMEOUT)]


def test_silence_is_remembered_too(asked):
    calls = asked(OSError("no route"))
    assert [hub.reachable(), hub.reachable()] == [False, False]
    assert len(calls) == 1


def test_offline_by_setting_asks_nobody(asked, monkeypatch):
    calls = asked("hello")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert not hub.reachable()
    assert calls == []
