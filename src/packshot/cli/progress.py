"""The progress bar on stderr: rate, time left, troubles so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.progress import TimeRemainingColumn as Left
from rich.text import Text

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Task, TaskID


class ProgressBar:
    """One line for each stage; on a terminal it moves, in a log each stage is one line when it ends."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            _Rate(),
            Left(compact=True) if self._console.is_terminal else Elapsed(),
            _Troubles(),
            console=self._console,
            refresh_per_second=8,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show the last state and stop."""
        if kind is None:
            self._finish()
        self._bar.stop()

    def stage(self, name: str, total: int | None) -> None:
        """Begin a new line."""
        self._finish()
        self._task = self._bar.add_task(name, total=total, troubles=0)

    def advance(self, done: int, troubles: int = 0) -> None:
        """Move the present line on."""
        if self._task is not None:
            before = self._bar.tasks[self._task].fields["troubles"]
            self._bar.update(self._task, advance=done, troubles=before + troubles)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._bar.tasks[self._task]
            self._bar.update(self._task, total=task.completed, completed=task.completed)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="dim")


class _Troubles(ProgressColumn):
    def render(self, task: Task) -> Text:
        count = task.fields["troubles"]
        return Text(f"{count:,} trouble{'s' if count != 1 else ''}", style="yellow") if count else Text("")
