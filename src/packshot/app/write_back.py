"""Writes what was chosen into the file that a channel takes."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from packshot.app.export import WORKBOOKS
from packshot.app.offers import LEFT_OUT, chosen_pictures
from packshot.app.public_urls import PublicUrls
from packshot.app.whole_file import write_file
from packshot.app.workspace_file_place import run_command
from packshot.core.errors import UnknownName, UsageError
from packshot.plugins import discover
from packshot.present.channel_feed import ChannelFeed, Offer
from packshot.present.feed_forms import as_text, key, listings_of, unwritable, write
from packshot.texts.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packshot.app.tables import Reader
    from packshot.present.channel_feed import Row

FORMS = ("tsv", "csv", "xml", "json")
"""All forms that any channel takes; each is the suffix of its files as well."""
ALSO = ("fix", "review")
"""Verdicts that may be written besides `show`, where somebody says so; `block` never is."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How chosen pictures are written for a channel."""

    form: str | None = None
    """Of the channel's forms; by default that of the file's suffix where it is one, else the channel's first one."""
    policy: str | None = None
    """Whose verdicts; by default the channel's own policy where it was judged, else the latest run's."""
    also: Sequence[str] = ()
    """`fix`, `review`: pictures of that verdict as well, behind the chosen ones, and as main where none may be."""
    base_urls: Sequence[str] = ()
    """`URL` or `PREFIX=URL`: where in public lies what the feed names by a path."""
    changed_since: Path | None = None
    """A whole file that was written earlier: only listings that differ from it are written."""
    file: Path | None = None
    """The file that is, or with a dry run would be, written: its suffix tells the form where none is said."""


@dataclass(slots=True)
class Exported:
    """What was written, and what was not."""

    channel: str
    form: str
    policy: str
    listings: int = 0
    """Listings written."""
    pictures: int = 0
    unchanged: int = 0
    """Listings that stand in the earlier file as they would be written now."""
    no_longer: int = 0
    """Listings of the earlier file that are left out now: the channel still shows what it was given then."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Why → how many listings were left out."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Why → how many further pictures were left out of listings that were written."""
    would_bring: Counter[str] = field(default_factory=Counter)
    """`fix`, `review` → how many of the listings without a main picture had one with `--also` that."""
    notes: list[str] = field(default_factory=list)
    output: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON values."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in found.items()}


class Export:
    """One file for one channel, in the making."""

    def __init__(self, reader: Reader, channel: str, options: ExportOptions) -> None:
        """Look at what is to be written; raises UnknownName or UsageError for what cannot be asked."""
        feeds = channel_feeds()
        if channel not in feeds:
            raise UnknownName("channel", channel, feeds)
        self.feed = feeds[channel]()
        self.form = _form(channel, self.feed.forms, options)
        policy = options.policy or (channel if channel in reader.stores.catalog.currents() else None)
        self.summary = Exported(channel, self.form, reader.current(policy).policy_id)
        self._urls = PublicUrls.of(options.base_urls)
        self._earlier = (
            None if options.changed_since is None else listings_of(self.feed, options.changed_since, self.form)
        )
        self._chosen = chosen_pictures(reader, policy, frozenset(options.also))
        self._left: list[tuple[str, str, str]] = []
        self._notes(options)
        self._hold_addresses()

    def write(self, output: Path | IO[bytes] | None) -> Exported:
        """Write the file (whole or not at all), or only count where `output` is None."""
        if output is None:
            for _ in self._rows():
                pass
        elif isinstance(output, Path):
            self.summary.output = str(output)
            write_file(output, lambda to: write(self.feed, self._rows(), self.form, to))
        else:
            whole = io.BytesIO()
            write(self.feed, self._rows(), self.form, whole)
            output.write(whole.getbuffer())
            output.flush()
        return self.summary

    def write_left_out(self, output: Path) -> None:
        """Write the listings that were left out as CSV: `listing_id reason detail in_earlier_file`.

        What a spreadsheet would run as a formula has an apostrophe before it.
        """

        def lines(to: IO[bytes]) -> None:
            text = io.TextIOWrapper(to, encoding="utf-8", newline="")
            table = csv.writer(text, lineterminator="\n")
            table.writerow(("listing_id", "reason", "detail", "in_earlier_file"))
            gone = self._earlier or {}
            for one, why, detail in self._left:
                table.writerow((guarded(one), why, guarded(detail), "yes" if one in gone else "no"))
            text.flush()
            text.detach()

        write_file(output, lines)

    def _rows(self) -> Iterator[Row]:
        for listing_id, why, detail, verdict in self._chosen.without:
            self._leave_out(listing_id, why, detail)
            if verdict in ALSO:
                self.summary.would_bring[verdict] += 1
        for listing_id, group in groupby(self._chosen.rows(), key=lambda row: row["listing_id"]):
            offer = self._offer(listing_id, list(group))
            if offer is not None:
                yield from self._changed(offer)
        self.summary.no_longer = len(self._earlier or ())

    def _offer(self, listing_id: str, rows: list[dict[str, Any]]) -> Offer | None:
        refused = "its id holds characters that no feed can carry" if unwritable(listing_id) else ""
        refused = refused or self.feed.refuses_id(listing_id)
        if refused:
            self._leave_out(listing_id, refused, "")
            return None
        main, why = self._address(rows[0])
        if not main:
            self._leave_out(listing_id, LEFT_OUT["main_address"], f"{rows[0]['source_uri']}: {why}")
            return None
        found = {main: rows[0]["verdict"]}
        for row in rows[1:]:
            url, why = self._address(row)
            if url and self.feed.most_others is not None and len(found) > self.feed.most_others:
                why = "the channel takes no more pictures"
            if why:
                self.summary.dropped[why] += 1
            else:
                found.setdefault(url, row["verdict"])
        _, *others = found
        return Offer(listing_id, main, tuple(others), rows[0]["title"] or "", tuple(found.values()))

    def _address(self, row: Mapping[str, Any]) -> tuple[str, str]:
        url, why = self._urls.find(row["source_uri"] or "", row["feed"] or "")
        if url:
            why = self.feed.refuses(url)
        return ("", why) if why else (url, "")

    def _changed(self, offer: Offer) -> Iterator[Row]:
        rows = list(self.feed.rows(offer))
        if self._earlier is not None:
            now = [as_text(self.feed, row) for row in rows]
            if self._earlier.pop(key(self.feed, now[0]), None) == now:
                self.summary.unchanged += 1
                return
        self.summary.listings += 1
        self.summary.pictures += 1 + len(offer.others)
        yield from rows

    def _leave_out(self, listing_id: str, why: str, detail: str) -> None:
        self.summary.left_out[why] += 1
        self._left.append((listing_id, why, detail))

    def _notes(self, options: ExportOptions) -> None:
        notes, channel = self.summary.notes, self.summary.channel
        if channel not in {self.summary.policy, "pictures"}:
            notes.append(
                f"The verdicts are those of the policy {self.summary.policy}; the channel's own rules were not asked: "
                f"{run_command()} --policy {channel}"
                if not options.policy
                else f"The verdicts are those of the policy {self.summary.policy}."
            )
        if self.feed.unconfirmed:
            notes.append(self.feed.unconfirmed)

    def _hold_addresses(self) -> None:
        """UsageError where no picture at all has a public address: the file would be empty for one single reason."""
        mains = self._chosen.mains()
        reason = ""
        for row in mains:
            url, reason = self._urls.find(row["source_uri"] or "", row["feed"] or "")
            if url:
                return
        if reason:
            example = next(iter(self._chosen.mains()))["source_uri"]
            raise UsageError(
                f"No picture can be written for a channel: of {example!r} and all others, {reason}.",
                "Say where they lie in public: --base-url https://cdn.example.com/pictures/ for what the feed names by "
                "a path, --base-url PREFIX=https://… for places that begin with PREFIX.",
            )


def _form(channel: str, forms: Sequence[str], options: ExportOptions) -> str:
    """The form to write; raises UnknownName or UsageError for one that the channel does not take."""
    if options.form:
        if options.form not in forms:
            raise UnknownName(f"form of the channel {channel}", options.form, forms)
        return options.form
    suffix = options.file.suffix.lower().removeprefix(".") if options.file else ""
    if f".{suffix}" in WORKBOOKS:
        raise UsageError(f"{options.file} would be a workbook, which is not written.", f"Name a .{forms[0]} file.")
    if options.file is None or suffix not in FORMS:
        return forms[0]
    if suffix not in forms:
        raise UsageError(
            f"{options.file} ends in .{suffix}, but {channel} takes {' or '.join(forms)}.",
            f"Name it {options.file.with_suffix(f'.{forms[0]}')}, or say --format {forms[0]}.",
        )
    return suffix


def hold_apart(files: Sequence[Path], changed_since: Path | None) -> None:
    """Raise UsageError where one file would be written over another that is written, or compared with."""
    places = [os.path.realpath(file) for file in files]
    if len(set(places)) < len(places):
        raise UsageError(f"{files[0]} would be written twice.", "Name another file with --left-out.")
    if changed_since is not None and os.path.realpath(changed_since) in places:
        raise UsageError(
            f"{changed_since} is the earlier whole file; what changed cannot be written over it.",
            "Name another file with -o, and write a whole one anew for the next time: without --changed-since.",
        )


def channel_feeds() -> dict[str, type[ChannelFeed]]:
    """Every channel that can be written for, by its id."""
    return discover("feeds", ChannelFeed)
