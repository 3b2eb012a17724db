"""Verdicts on disk the moment they are given. A history only grows; what counts of it is asked for by a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from retrieval.database import open_database, writing
from retrieval.judging.disagreement import disagreements
from retrieval.judging.records import check_queries, check_verdicts
from retrieval.judging.replay import last_words, undoing
from retrieval.judging.rows import append, history_of, put_queries, set_of
from retrieval.judging.rules import judgments_by
from retrieval.judging.tables import QUERIES, VERDICTS
from retrieval.judging.verdicts import Verdict
from retrieval.types import Judgment, Query
from retrieval.workspace import default_home


@dataclass(frozen=True, slots=True)
class Stats:
    """A query set in numbers.

    `judged` of the `queries` have a grade that counts; `verdicts` is the length of the history. `by_rater` counts the places on
    which each rater's word is in force, `by_grade` the places that have each grade by the rule, `cant_tell` the words of that
    kind in force, `disagreements` the places to which raters gave different grades.
    """

    queries: int
    judged: int
    verdicts: int
    by_rater: Mapping[str, int]
    by_grade: Mapping[int, int]
    cant_tell: int
    disagreements: int


class JudgmentStore:
    """The verdicts of all query sets below `home`. Safe to share between threads and to open in several processes."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home if home is not None else default_home()
        self._engine = open_database(self.home)

    def give(self, key: str, verdicts: Iterable[Verdict], queries: Iterable[Query] = ()) -> None:
        """Add verdicts to the history of a query set, all or none of them; when this returns they are on disk.

        `queries` enter before them: new ones are added, others take the place of those with the same id (as `QuerySets.add` does
        with `replacing`). A verdict without a moment is given now; one that says what its rater says already, or that is in the
        history with its moment, is not stored again. Raises BadInput where there is no such set or query, or where something
        cannot be stored.
        """
        given, more = check_verdicts(verdicts), check_queries(queries)
        with writing(self._engine) as connection:
            set_id = set_of(connection, key).id
            put_queries(connection, set_id, more)
            append(connection, set_id, given)

    def undo(self, key: str, rater: str) -> tuple[Verdict, ...]:
        """Take a rater's last word back, and with it all that was given in one call; returns what was appended to do so.

        Appended is what the rater said before on each place, with the moment of the word taken back, which marks it as its
        undoing (`retrieval.judging.replay`). Called again it takes back the word before, and at the end nothing, ().
        """
        with writing(self._engine) as connection:
            set_id = set_of(connection, key).id
            words = undoing(history_of(connection, set_id, raters=[rater]))
            append(connection, set_id, words)
        return words

    def history(self, key: str, query_id: str | None = None) -> tuple[Verdict, ...]:
        """All verdicts of a set, or on one of its queries, in the order in which they were stored.

        Raises BadInput where there is no such set.
        """
        with self._engine.connect() as connection:
            return history_of(connection, set_of(connection, key).id, () if query_id is None else [query_id])

    def latest(self, key: str, query_id: str | None = None) -> tuple[Verdict, ...]:
        """The last word of every rater on every place, in the order in which they were given; what was taken back is none."""
        return last_words(self.history(key, query_id))

    def judgments(self, key: str, rule: str | None = None, query_id: str | None = None) -> tuple[Judgment, ...]:
        """The grades that count, by the rule given or else that of the set: at most one for each query, document and span.

        Raises BadInput where there is no such set or rule.
        """
        with self._engine.connect() as connection:
            found = set_of(connection, key)
            history = history_of(connection, found.id, () if query_id is None else [query_id])
        return judgments_by(found.rule if rule is None else rule, last_words(history))

    def version(self, key: str) -> str:
        """Names what `judgments` would answer, for caches: another text as soon as a verdict or the rule is another.

        Raises BadInput where there is no such set.
        """
        with self._engine.connect() as connection:
            found = set_of(connection, key)
            of_set = select(func.count(), func.max(VERDICTS.c.id)).join_from(VERDICTS, QUERIES)
            count, last = connection.execute(of_set.where(QUERIES.c.query_set_id == found.id)).one()
            moment = connection.execute(select(VERDICTS.c.at).where(VERDICTS.c.id == last)).scalar()
        return f"{key} {found.rule} {count} {last} {moment}"

    def stats(self, key: str) -> Stats:
        """The set in numbers. Raises BadInput where there is no such set."""
        with self._engine.connect() as connection:
            found = set_of(connection, key)
            history = history_of(connection, found.id)
            queries = select(func.count()).select_from(QUERIES).where(QUERIES.c.query_set_id == found.id)
            count = connection.execute(queries).scalar_one()
        words = last_words(history)
        counted = judgments_by(found.rule, words)
        return Stats(
            queries=count,
            judged=len({judgment.query_id for judgment in counted}),
            verdicts=len(history),
            by_rater=dict(sorted(Counter(word.rater for word in words).items())),
            by_grade=dict(sorted(Counter(judgment.grade for judgment in counted).items())),
            cant_tell=sum(word.cant_tell for word in words),
            disagreements=len(disagreements(words)),
        )
