import pyarrow as pa

from packshot.pipeline.appending import PACKED_ROWS, ROWS, SECONDS, Appender


class Log:
    def __init__(self):
        self.commits = []

    def append(self, name, rows):
        self.commits.append((name, rows.num_rows))
        return len(self.commits)


def rows(count):
    return pa.table({"n": list(range(count))})


def test_rows_wait_until_they_are_many():
    log = Log()
    appender = Appender(log, ("first", "second"), clock=lambda: 0.0)
    appender.add({"second": rows(5), "first": rows(ROWS - 1)})
    assert log.commits == []
    appender.add({"first": rows(1)})
    assert log.commits == [("first", ROWS), ("second", 5)]


def test_rows_do_not_wait_longer_than_the_limit():
    now = 0.0
    log = Log()
    appender = Appender(log, ("first",), clock=lambda: now)
    appender.add({"first": rows(1)})
    now = SECONDS
    appender.add({"first": rows(2)})
    appender.add({"first": rows(4)})
    assert log.commits == [("first", 3)]


def test_tables_are_committed_in_the_order_of_their_names_and_once():
    log = Log()
    appender = Appender(log, ("assets", "fetches", "troubles"), clock=lambda: 0.0)
    appender.add({"troubles": rows(1), "fetches": rows(2), "assets": rows(3)})
    appender.commit()
    appender.commit()
    assert log.commits == [("assets", 3), ("fetches", 2), ("troubles", 1)]


def test_what_could_not_be_committed_is_tried_again():
    class Full(Log):
        def append(self, name, rows):
            if not self.commits:
                self.commits.append("refused")
                raise OSError(28, "No space left on device")
            return super().append(name, rows)

    log = Full()
    appender = Appender(log, ("first",), clock=lambda: 0.0)
    appender.add({"first": rows(2)})
    try:
        appender.commit()
    except OSError:
        appender.commit()
    assert log.commits == ["refused", ("first", 2)]


def test_small_tables_are_put_together_in_order():
    class Kept:
        rows = None

        def append(self, _, rows):
            self.rows = rows

    kept = Kept()
    appender = Appender(kept, ("first",), clock=lambda: 0.0)
    numbers = [pa.table({"n": list(range(start, start + 16))}) for start in range(0, 2400, 16)]
    for some in numbers:
        appender.add({"first": some})
    appender.commit()
    assert kept.rows["n"].to_pylist() == list(range(2400))
    assert kept.rows["n"].num_chunks == -(-2400 // PACKED_ROWS)
