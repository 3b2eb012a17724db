"""Whether the model hub answers. Asked once before a load, because a load that finds no network retries for most of a minute."""

from __future__ import annotations

import time

TIMEOUT = 3.0
REMEMBERED = 60.0

_last: tuple[float, bool] = (float("-inf"), False)


def reachable() -> bool:
    """Whether the hub answered a single request within three seconds; the answer holds for a minute.

    False where `HF_HUB_OFFLINE` is set.
    """
    global _last
    asked, answer = _last
    if time.monotonic() - asked > REMEMBERED:
        answer = _ask()
        _last = (time.monotonic(), answer)
    return answer


def _ask() -> bool:
    from huggingface_hub import constants, get_session

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        get_session().head(constants.ENDPOINT, timeout=TIMEOUT)
    except Exception:  # whatever the client raises, the hub did not answer
        return False
    return True
