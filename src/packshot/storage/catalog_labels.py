"""What people say, in the catalog: appended, never changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from packshot.storage.catalog_tables import LABEL, LabelRow
from packshot.storage.catalog_transactions import Transactions, as_json, microseconds, time_of
from packshot.storage.faults import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from packshot.storage.catalog_tables import NewLabel

FORGOTTEN = "forgotten"
"""The `subject_kind` of a label whose subject was forgotten for good: nothing else is left of it."""
SAME = ("question", "subject_kind", "subject_id")
"""Labels that agree in these are about the same, and the last of them stands."""


class LabelRecords(Transactions):
    """Who said what about what, and when."""

    def add_labels(self, labels: Sequence[NewLabel]) -> list[LabelRow]:
        """Keep the labels, all or none, in their order; each supersedes the last one about the same."""
        with self._write("keeping labels") as connection:
            last = int(connection.execute(select(func.max(LABEL.c.seq))).scalar() or 0)
            stood = _last_of_each(connection)
            now, values = microseconds(self._now()), []
            for seq, label in enumerate(labels, last + 1):
                key = (label.question, label.subject_kind, label.subject_id)
                values.append(
                    dict(zip(SAME, key, strict=True))
                    | {"seq": seq, "answer_json": as_json(label.answer), "author": label.author}
                    | {"at": microseconds(label.at) if label.at else now, "supersedes": stood.get(key)}
                )
                stood[key] = seq
            if values:
                connection.execute(LABEL.insert(), values)
            fault("label:before-commit")
            added = _rows(connection, last)
        fault("label:committed")
        return added

    def labels(self, *, after: int = 0) -> list[LabelRow]:
        """All labels with a greater number than `after`, in the order in which they were added."""
        with self._read("reading the labels") as connection:
            return _rows(connection, after)

    def last_label(self) -> int:
        """The number of the last label; 0 where there is none."""
        with self._read("reading the labels") as connection:
            return int(connection.execute(select(func.max(LABEL.c.seq))).scalar() or 0)

    def forget_labels(self, seqs: Collection[int]) -> None:
        """Empty these labels for good, all or none; their numbers stay taken."""
        nothing = {"question": "", "subject_kind": FORGOTTEN, "subject_id": "", "answer_json": "{}", "author": ""}
        with self._write("forgetting labels") as connection:
            for seq in seqs:
                connection.execute(LABEL.update().where(LABEL.c.seq == seq).values(nothing))


def _last_of_each(connection: Connection) -> dict[tuple[str, str, str], int]:
    columns = [LABEL.c[name] for name in SAME]
    rows = connection.execute(select(*columns, func.max(LABEL.c.seq)).group_by(*columns))
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


def _rows(connection: Connection, after: int) -> list[LabelRow]:
    query = select(LABEL).where(LABEL.c.seq > after, LABEL.c.subject_kind != FORGOTTEN).order_by(LABEL.c.seq)
    return [
        LabelRow(
            seq=row.seq,
            question=row.question,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            answer=json.loads(row.answer_json),
            author=row.author,
            at=time_of(row.at),
            supersedes=row.supersedes,
        )
        for row in connection.execute(query)
    ]
