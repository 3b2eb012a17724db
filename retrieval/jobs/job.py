"""A job as a value."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Job:
    """Work under a name, as its file tells it.

    `state`: "starting", "running", "done", "cancelled", "failed" (with the `sentence` why) or "killed". `share` of the present
    step, 0 to 1, which began at `step_started` with `step_share` (1: none has begun). `what` is being done, and what of it is
    `kept` when it stops halfway, in words. `pipeline` is the TOML of a build. `apart`: the process `pid` does nothing else, so
    that it may be ended. All times are seconds since 1970.
    """

    name: str
    state: str
    sentence: str = ""
    share: float = 0.0
    pipeline: str = ""
    pid: int = 0
    apart: bool = True
    started: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    step_started: float = field(default_factory=time.time)
    step_share: float = 1.0
    what: str = "The build"
    kept: str = "what is embedded"

    @property
    def alive(self) -> bool:
        """Whether it may still change."""
        return self.state in ("starting", "running")

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        return (time.time() if self.alive else self.updated) - self.started

    @property
    def seconds_left(self) -> float | None:
        """How much longer the present step takes if it goes on as so far; None while that is unknown, or nothing runs."""
        gained = self.share - self.step_share
        if not self.alive or gained <= 0:
            return None
        return (self.updated - self.step_started) * (1.0 - self.share) / gained

    def went_on(self, sentence: str, share: float) -> Job:
        """The job at another `share`; one that is not above the last, or not above where the step began, begins a step."""
        now, share = time.time(), min(share, 1.0)
        job = replace(self, sentence=sentence, share=share, updated=now)
        return replace(job, step_started=now, step_share=share) if share < self.share or share <= self.step_share else job

    @property
    def cancelled(self) -> Job:
        """The same, stopped by somebody."""
        return replace(self, state="cancelled", sentence=f"Cancelled; {self.kept} is kept.")
