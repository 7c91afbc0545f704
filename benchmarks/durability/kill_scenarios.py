"""Which kills, faults and pairs of runs the matrix is made of."""

from __future__ import annotations

import random
from dataclasses import dataclass

FRESH, STANDS, OLDER = "fresh", "stands", "older"
"""No workspace yet; one that holds the first day; one of a packshot that lacked a measure, whose table is widened."""
_DELAYS = (0.0002, 0.0005, 0.001, 0.0015, 0.002, 0.003)
_HELD = "hang:120"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One disturbed run (or two at once), and the undisturbed one that follows."""

    kind: str
    faults: tuple[str, ...] = ("",)
    """What is put into each run that is disturbed; `@0.4` for the time that comes after 0.4 of all times."""
    start: str = FRESH
    day: int = 1
    """The day of the catalogue that the disturbed run sees."""
    next_day: int = 1
    """That of the next one."""
    beside: bool = False
    """Whether an undisturbed run goes on at the same time."""
    in_turn: bool = False
    """Whether the disturbed runs come one after the other, and not at once."""
    after: float | None = None
    """The driver is killed when it has come so far: a share of the points that an undisturbed run passes."""
    bucket: bool = False
    """The workspace is in an object store."""

    @property
    def name(self) -> str:
        """The same for the same scenario."""
        when = [f"at {self.after:.2f} of a run"] if self.after is not None else []
        return f"{self.kind}: {', '.join([*filter(None, self.faults), *when])}"


def kills(seed: int) -> list[Scenario]:
    """All scenarios in which something is killed; the seed moves them along the run."""
    return [*_of_driver(seed), *_of_blobs(seed), *_of_several(), *_of_days(seed), *_of_bucket(seed), *_any_time(seed)]


def _of_driver(seed: int) -> list[Scenario]:
    pick = random.Random(seed)  # noqa: S311 - no secret
    points = [
        "append:data-written", "append:before-commit", "append:before-commit", "append:committed", "append:committed",
        "append:synced", "make:written", "make:placed",
    ]  # fmt: skip
    found = [Scenario("driver", (f"{point}@{pick.random():.2f}=kill",)) for point in points]
    found += [Scenario("driver", (f"{point}@0.7=kill",)) for point in ("append:committed", "append:data-written")]
    found += [
        Scenario("driver, inside Lance", (f"append:before-commit@{pick.random():.2f}=kill:{delay}",))
        for delay in _DELAYS
    ]
    found += [
        Scenario("driver, new columns", (f"{point}=kill",), start=OLDER)
        for point in ("widen:before-commit", "widen:committed")
    ]
    found.append(Scenario("driver, new columns", ("widen:before-commit=kill:0.001",), start=OLDER))
    of_catalog = [
        f"{name}:{when}" for name in ("snapshot", "judgement", "current") for when in ("before-commit", "committed")
    ]
    found += [Scenario("driver, catalog", (f"{point}=kill",)) for point in of_catalog]
    found += [
        Scenario("driver, inside SQLite", (f"{name}:before-commit=kill:0.0004",)) for name in ("snapshot", "current")
    ]
    return found


def _of_blobs(seed: int) -> list[Scenario]:
    pick = random.Random(seed + 1)  # noqa: S311 - no secret
    worker = ["blob:half-written", "blob:half-written", "blob:half-written", "blob:before-rename", "blob:renamed"]
    driver = ["blob:half-written"] * 4 + ["blob:before-rename"] * 3
    found = [Scenario("worker, blob", (f"{point}@{pick.random():.2f}=kill",)) for point in worker]
    found += [Scenario("driver, its worker in a blob", (f"{point}@{pick.random():.2f}={_HELD}",)) for point in driver]
    return found


def _of_several() -> list[Scenario]:
    return [
        Scenario("one of two runs", ("append:before-commit@0.4=kill:0.001",), beside=True),
        Scenario("one of two runs", ("append:committed@0.2=kill",), beside=True),
        Scenario("one of two runs", (f"blob:half-written:2={_HELD}",), beside=True),
        Scenario("both runs", ("append:committed@0.3=kill", "append:before-commit@0.3=kill:0.001")),
        Scenario("both runs", ("make:written@0.4=kill", f"blob:before-rename:2={_HELD}")),
        Scenario(
            "again and again",
            (f"blob:half-written:2={_HELD}", "append:before-commit@0.6=kill:0.001", "judgement:before-commit=kill"),
            in_turn=True,
        ),
    ]


def _of_days(seed: int) -> list[Scenario]:
    pick = random.Random(seed + 3)  # noqa: S311 - no secret
    return [
        Scenario("then another feed", (f"append:committed@{pick.random():.2f}=kill",), next_day=2),
        Scenario("then another feed", (f"blob:half-written@{pick.random():.2f}={_HELD}",), next_day=2),
        Scenario("second day", (f"append:before-commit:{pick.randint(2, 8)}=kill:0.001",), STANDS, 2, 2),
        Scenario("second day", (f"blob:half-written:2={_HELD}",), STANDS, 2, 2),
        Scenario("second day, first again", ("current:before-commit=kill",), STANDS, 2, 1),
    ]


def _of_bucket(seed: int) -> list[Scenario]:
    pick = random.Random(seed + 4)  # noqa: S311 - no secret
    faults = [
        f"append:before-commit@{pick.random():.2f}=kill:0.01",
        f"append:committed@{pick.random():.2f}=kill",
        "make:written@0.5=kill",
        f"blob:before-put@{pick.random():.2f}={_HELD}",
        f"blob:put@{pick.random():.2f}=kill",
    ]
    return [Scenario("object store", (fault,), bucket=True) for fault in faults]


def _any_time(seed: int) -> list[Scenario]:
    pick = random.Random(seed + 5)  # noqa: S311 - no secret
    return [Scenario("driver, any time", after=pick.uniform(0.01, 0.99)) for _ in range(6)]


def refusals() -> list[Scenario]:
    """Scenarios in which the disk is full or broken: the run ends with an error that says so."""
    points = (
        "append:data-written@0.1", "append:before-commit@0.6", "append:committed@0.4", "make:written@0.8",
        "blob:half-written@0.2", "blob:before-rename@0.7",
    )  # fmt: skip
    whats = ("enospc", "eio")
    found = [Scenario("disk refuses", (f"{point}={what}",)) for point in points for what in whats]
    return [*found, Scenario("disk refuses", ("widen:committed=enospc",), start=OLDER)]
