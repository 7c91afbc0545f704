"""Workspace: what holds a catalogue's measurements, verdicts and galleries, and the verbs on it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from packshot.app.collecting import named
from packshot.app.delta import PREVIOUS, Delta, delta, deltas, previous_delta, told_changes
from packshot.app.outputs import Outputs
from packshot.app.peoples_word import PeoplesWord
from packshot.app.policies import bound_policies, bound_policy
from packshot.app.running import RunParts, run_all
from packshot.app.runs import run_rows
from packshot.app.tables import Reader
from packshot.app.upkeep import REPORT, forget_names, gc
from packshot.app.whatif import flips, tried
from packshot.app.why import records_of_several
from packshot.app.workspace_file_place import run_into
from packshot.collect.form import Form
from packshot.collect.opening import OpenSource, open_source
from packshot.collect.uris import is_network
from packshot.collect.web.settings import WebSettings
from packshot.collect.web.urls import host_of
from packshot.core.errors import NoWorkspace, UnknownName, UsageError
from packshot.core.listing import Placement
from packshot.evaluate.suite import all_measures, wanted
from packshot.pipeline.engine import DEFAULT_WORKER_LIMITS, Engine, EngineOptions, WorkerLimits
from packshot.pipeline.stores import CATALOG, Stores
from packshot.pipeline.waste import Keeping
from packshot.pipeline.web_addresses import on_web
from packshot.plugins import discover
from packshot.storage.place import is_url
from packshot.telemetry import Silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    import polars as pl

    from packshot.app.summary import RunSummary
    from packshot.app.upkeep import Swept
    from packshot.pipeline.forgetting import Doomed
    from packshot.telemetry import Progress

MEGABYTE = 1024 * 1024
MOST_HOSTS = 30
"""That a dry run names."""
WEB_SHARE = 0.75
"""Of the time for one file that fetching it may take: what takes longer is told as such, and its worker lives on."""
BY_POLICY = "by-policy"
"""Where in the report's folder the reports of a run's further policies stand."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is done."""

    policy: str | Sequence[str] = "house"
    """`house`, `amazon`, …, or the path of a TOML file; or several, judged from the same measurements."""
    categories: str | Path | None = None
    """A TOML file with what you add to packshot's map of categories."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column of the feed, where the names are not found by convention."""
    kind: str | None = None
    """The kind of source, as `packshot plugins sources` lists them; told from the content by default."""
    form: Form = field(default_factory=Form)
    """How a feed of text is written, where its content does not tell: encoding, delimiter, line of the names, …"""
    group_by: str | None = None
    """For a folder: `file` or `folder` makes a listing; by default its feed, or else files do."""
    workers: int | None = None
    """Worker processes; one per core by default."""
    engine: str = "local"
    """Where shards run: `local` processes, or the workers of a `ray` cluster."""
    ray_address: str | None = None
    """For `ray`: `auto` (the default), `HOST:PORT`, `ray://HOST:PORT`, or `local` to start one here."""
    rules_as_of: date | None = None
    """Judge by the rules of that day; today by default."""
    copy: bool = True
    """Keep the originals' bytes in the workspace, or refer to them where they lie."""
    report: bool = True
    """Write the report into the workspace."""
    allow_prefixes: tuple[str, ...] = ()
    """Prefixes of object stores, such as `s3://bucket/pictures/`, whose pictures a feed elsewhere may name."""
    web: WebSettings = field(default_factory=WebSettings)
    """How pictures and feeds on the web are fetched: which networks of your own are allowed, how politely."""
    accept_removals: bool = False
    """Let more than a fifth of the listings or pictures go at once."""
    file_timeout: float = DEFAULT_WORKER_LIMITS.row_seconds
    """Seconds that one file may take before it is given up as `timed_out`."""
    worker_memory_mb: int = DEFAULT_WORKER_LIMITS.memory_bytes // MEGABYTE
    """Megabytes (of 1024 × 1024 bytes) that one worker process may hold."""
    profile: bool = False
    """Count what each stage costs; `RunSummary.profile` then holds it."""
    thorough: bool = False
    """Run every model on every picture, also where no rule of the policy reads what it says."""
    copies: bool = False
    """Look for edited copies: cropped, mirrored, turned, covered in part, framed, recoloured or squeezed."""

    def for_engine(self) -> EngineOptions:
        """What the engine has to know of this."""
        return EngineOptions(self.workers, self.ray_address, self.worker_limits())

    def worker_limits(self) -> WorkerLimits:
        """What a worker may take. Raises UsageError for limits that nothing could be done under."""
        return WorkerLimits(self.file_timeout, self.worker_memory_mb * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one policy when a run has ended."""

    delta: dict[str, Any] | None
    notes: list[str]
    report: str | None


class Workspace(Outputs, PeoplesWord):
    """A folder or object-store prefix that holds all of it. Use it with `with`, or call `close`.

    Raises WorkspaceError where there is no workspace (unless `create`), or where it cannot be read or written.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        create: bool = False,
        engine: Engine | None = None,
        catalog: str | Path | None = None,
    ) -> None:
        """Open the workspace in the folder, or at the URL, `path`.

        `engine` says where shards run, local processes by default. `catalog` is a file or database URL for what is
        small and changes; it lies in the folder by default, or in this user's data folder when `path` is a URL.
        """
        try:
            self._stores = Stores.open(path, create=create, catalog=catalog)
        except NoWorkspace as error:
            error.hint = f"Make one: {run_into(str(path))}"
            raise
        self._catalog = catalog
        self.path = Path(path) if self._stores.place.folder and not is_url(str(path)) else self._stores.root
        """A folder on this machine: the workspace or, of one in an object store, what it keeps here."""
        self._engine = engine
        self._reader = Reader(self._stores)

    def __enter__(self) -> Self:
        """Use it in a `with` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close what is open."""
        self._stores.close()

    def run(
        self,
        source: str | Path | OpenSource | Mapping[str, OpenSource],
        options: RunOptions | None = None,
        *,
        progress: Progress | None = None,
    ) -> RunSummary:
        """Do the whole way: collect, measure, match, judge, choose and, unless switched off, report.

        What is there already is not done again: a second run decodes nothing, and a run after a kill goes on from what
        was committed. `source` may be what `hold_request` gave for the same options, or several of these by name:
        they are judged together, once, and one that cannot be read is told in the summary's `sources`.

        Raises SourceError, PolicyError or UsageError before anything is written.
        """
        options = options or RunOptions()
        began = time.monotonic()
        bounds = bound_policies(options.policy, options.categories)
        sources = named(source, lambda at: _opened(self._stores.place.location, at, options))
        engine = self._engine or _engine_kind(options).open(options.for_engine())
        try:
            day = options.rules_as_of or _today()
            counts = {"profile": options.profile, "thorough": options.thorough, "copies": options.copies}
            parts = RunParts(self._stores, engine, progress or Silent(), bounds, day, **counts)
            summary = run_all(parts, sources, copy=options.copy, accept_removals=options.accept_removals)
        finally:
            if self._engine is None:
                engine.close()
        told = [self._told(bound.policy.id, n, options, progress or Silent()) for n, bound in enumerate(bounds)]
        summary = summary.compared(told[0].delta, [*(note for one in told for note in one.notes), *self._notes()])
        also = [replace(one, report=t.report, delta=t.delta) for one, t in zip(summary.also, told[1:], strict=True)]
        return summary.finished(seconds=time.monotonic() - began, report=told[0].report, also=also)

    def _told(self, policy: str, number: int, options: RunOptions, progress: Progress) -> Told:
        """What changed by a policy of the run that has just ended, and its report; the first one's is the report."""
        found, notes = told_changes(self._reader, policy)
        folder = self.path / REPORT / BY_POLICY / policy if number else self.path / REPORT
        page = self._report(folder, policy, progress, found) if options.report else None
        return Told(found.summary() if found else None, notes, str(page) if page else None)

    @staticmethod
    def hold_request(path: str | Path, source: str | Path, options: RunOptions) -> OpenSource:
        """Raise what `run` would raise for its policy and source, before there is a workspace in `path`.

        Gives the open source, so that `run` need not fetch a feed again that lies elsewhere.
        """
        options.worker_limits()
        bound_policies(options.policy, options.categories)
        _engine_kind(options).hold_installed()
        return _opened(path, source, options)

    @staticmethod
    def dry_run(path: str | Path, source: str | Path, options: RunOptions | None = None) -> dict[str, Any]:
        """What a run would do, as JSON values; reads the source, writes nothing."""
        options = options or RunOptions()
        options.worker_limits()
        bounds = bound_policies(options.policy, options.categories)
        opened = _opened(path, source, options)
        listings = placements = troubles = 0
        hosts: Counter[str] = Counter()
        for record in opened.records():
            kind = type(record).__name__
            if isinstance(record, Placement) and on_web(opened.base, record.source_uri):
                hosts[host_of(opened.base.web_url(record.source_uri) or "")] += 1
            listings += kind == "Listing"
            placements += kind == "Placement"
            troubles += kind == "Trouble"
        return {
            "source": opened.kind,
            "listings": listings,
            "placements": placements,
            "troubles": troubles,
            "fetched_from": dict(hosts.most_common(MOST_HOSTS)),
            "policy": bounds[0].policy.id,
            "policies": [bound.policy.id for bound in bounds],
            "rules": sum(len(bound.on(options.rules_as_of or _today()).rules) for bound in bounds),
            "measures": wanted(all_measures()),
            "workspace": str(path),
        }

    def table(self, name: str, *, policy: str | Sequence[str] | None = None) -> pl.DataFrame:
        """A table by name (see `packshot.app.tables.NAMES`), as it stands; by the latest run's policies unless named.

        What several policies say stands in one table, whose column `policy` tells them apart.
        """
        return self._reader.table_of_several(name, (policy,) if isinstance(policy, str) else policy)

    def hold_whole(self) -> None:
        """Read every derived table of every judged policy; WorkspaceError where one is lacking or damaged."""
        for policy in self._stores.catalog.currents():
            for name in ("matches", "clusters", "verdicts", "galleries"):
                self._reader.table(name, policy)
            self._reader.plain_findings(policy)

    def report(
        self, folder: str | Path | None = None, *, policy: str | None = None, progress: Progress | None = None
    ) -> Path:
        """Write the report into `folder` and give its first page.

        By default it is `report` in the workspace or, of one in an object store, in `path`, on this machine.
        """
        found = previous_delta(self._reader, policy)
        return self._report(Path(folder) if folder else self.path / REPORT, policy, progress or Silent(), found)

    def why(self, placement: str, *, policy: str | Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The decision record of each placement that `placement` (an id, its start, a URI or an asset id) names.

        One by each policy: those named, or those of the latest run.
        """
        return records_of_several(self._reader, placement, (policy,) if isinstance(policy, str) else policy)

    def search(
        self, words: str | None = None, *, like: str | Path | bytes | None = None, top: int = 10
    ) -> list[dict[str, Any]]:
        """The pictures nearest to `words`, or to the picture in the file `like`, best first, as rows of JSON values.

        `like` may be the bytes of a file, too. Each row has `asset_id score listing_id title category source_uri
        placement_id thumbnail`. Raises UsageError where there are
        no vectors to search by, ModelMissing or MissingExtra where the models are not here.
        """
        from packshot.app.search import search_like, search_words

        if (words is None) == (like is None):
            raise UsageError("Search for words, or for pictures like one.", "Give one of `words` and `like`.")
        if like is not None:
            return search_like(self._stores, like if isinstance(like, bytes) else Path(like), top)
        return search_words(self._stores, words or "", top)

    def whatif(  # noqa: PLR0913 - what to try, against what, and where to show it
        self,
        policy: str,
        *,
        against: str | None = None,
        rules_as_of: date | None = None,
        categories: str | Path | None = None,
        report: str | Path | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """What judging by `policy` would change against the current judgement; nothing is decoded or stored.

        With a folder `report`, the report that a run by it would write is put there, with the pictures that flip.
        """
        found = tried(self._reader, bound_policy(policy, categories), against, rules_as_of or _today())
        if report is None:
            return flips(found)
        from packshot.app.whatif_report import report_tried

        location = self._stores.place.location
        page = report_tried(self._reader, found, Path(report), location, progress or Silent())
        return flips(found) | {"report": str(page)}

    def delta(self, *, policy: str | None = None, since: str = PREVIOUS) -> Delta:
        """What changed for `policy` (the latest run's by default) since an earlier run of it, and why.

        `since` is `previous`, or the id of a run or a judgement. Raises UsageError where there is no earlier run.
        """
        return delta(self._reader, policy, since)

    def deltas(self, *, policies: Sequence[str] | None = None, since: str = PREVIOUS) -> list[Delta]:
        """As `delta`, by several policies: those named, or those of the latest run that have an earlier one."""
        return deltas(self._reader, policies, since)

    def gc(self, keeping: Keeping | None = None, *, dry_run: bool = False, progress: Progress | None = None) -> Swept:
        """Delete what nobody needs and merge small parts of tables; raises UsageError while a run is going on."""
        return gc(self._stores, keeping or Keeping(), progress or Silent(), dry_run=dry_run)

    def forget(
        self,
        names: Iterable[str],
        *,
        because: str,
        kind: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Doomed:
        """Forget assets, addresses or listings for good; what comes again is refused. It cannot be undone.

        Raises UsageError for names that are unknown or stand for several things, and while a run is going on.
        """
        told = progress or Silent()
        return forget_names(self._stores, names, told, because=because, kind=kind, dry_run=dry_run)

    def runs(self) -> list[dict[str, Any]]:
        """All runs as JSON values, the latest first, with how they ended."""
        return run_rows(self._stores.catalog)

    def _report(self, folder: Path, policy: str | None, progress: Progress, found: Delta | None) -> Path:
        from packshot.app.reporting import report

        return report(self._reader, folder, policy, self._stores.place.location, progress, found)

    def _notes(self) -> list[str]:
        """Where the catalog is, when nobody said where and it is not in the workspace."""
        if self._stores.place.folder or self._catalog is not None:
            return []
        where = self.path / CATALOG
        return [f"The catalog is kept in {where} on this machine: back it up, or name a database with --catalog."]


def open_workspace(path: str | Path, *, create: bool = True, catalog: str | Path | None = None) -> Workspace:
    """Open the workspace in the folder, or at the URL, `path`, which is made unless it is there."""
    return Workspace(path, create=create, catalog=catalog)


def _opened(workspace: str | Path, source: str | Path, options: RunOptions) -> OpenSource:
    if options.web.use_proxy:
        from packshot.collect.web.pools import proxies_of_environment  # late: it brings HTTP

        proxies_of_environment()
    return open_source(
        source,
        kind=options.kind,
        mapping=options.mapping,
        form=options.form,
        group_by=options.group_by,
        skip=(workspace if is_network(str(workspace)) else Path(workspace).absolute(),),
        allow_prefixes=options.allow_prefixes,
        web=replace(options.web, total_seconds=min(options.web.total_seconds, WEB_SHARE * options.file_timeout)),
    )


def _engine_kind(options: RunOptions) -> type[Engine]:
    known = discover("engines", Engine)
    if options.engine not in known:
        raise UnknownName("engine", options.engine, known)
    if options.ray_address is not None and options.engine != "ray":
        raise UsageError(f"A Ray address says nothing to the engine {options.engine}.", "Add --engine ray.")
    return known[options.engine]


def _today() -> date:
    return datetime.now(UTC).date()
