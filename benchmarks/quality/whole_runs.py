"""The exams that are whole runs of packshot (`sample`, `matches`, `mains`) as rows of the one table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("sample", "matches", "mains")


def rows_of(folder: Path) -> list[list[str]]:
    """One row for each that has a result: exam, data, n, positives, what was found, baseline, asked and met."""
    made = {"sample": _sample, "matches": _matches, "mains": _mains}
    rows = []
    for name in NAMES:
        if (file := folder / f"{name}.json").is_file():
            rows += made[name](json.loads(file.read_text(encoding="utf-8")))
    return rows


def _told(share: dict[str, Any]) -> str:
    return "–" if share["share"] is None else f"{share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})"


def _row(  # noqa: PLR0913 - one for each column
    exam: str, data: str, share: dict[str, Any], *, level: str = "", asked: str = "", baseline: str = ""
) -> list[str]:
    recall = "–" if level else _told(share)
    figures = [str(share["trials"]), "–" if level else str(share["trials"]), "–", recall, "–", level or "–"]
    return [f"`{exam}`", data, *figures, baseline, "–", asked]


def _met(words: str, share: dict[str, Any], bound: float, *, most: bool = False) -> str:
    reached = share["share"] <= bound if most else share["share"] >= bound
    sure = share["high"] <= bound if most else share["low"] >= bound
    return f"{words} {'≤' if most else '≥'} {bound:g}: {('yes' if sure else 'yes, not surely') if reached else 'no'}"


def _sample(result: dict[str, Any]) -> list[list[str]]:
    wanted, data = result["wanted"], "drawn catalogue with planted faults (synthetic)"
    fails, mains = result["false_fails"], result["mains"]
    return [
        _row("sample", data, result["recall"], asked=_met("recall", result["recall"], wanted["recall"])),
        _row(
            "sample",
            data,
            fails,
            level=f"clean pictures that fail {_told(fails)}",
            asked=_met("fail", fails, wanted["false_fails"], most=True),
        ),
        _row(
            "sample", data, mains, level=f"right main {_told(mains)}", asked=_met("right main", mains, wanted["mains"])
        ),
    ]


def _matches(result: dict[str, Any]) -> list[list[str]]:
    found, data = result["recall"], "copies of real shops' pictures (synthetic copies)"
    return [_row("matches", data, found, asked=_met("recall", found, result["wanted"]["recall"]))]


def _mains(result: dict[str, Any]) -> list[list[str]]:
    rows = []
    for shop, ways in result["shops"].items():
        beside = ways.get("beside", {})
        for way, one in ways.items():
            if way == "beside":
                continue
            against = "; ".join(
                f"{text.removeprefix(f'{way} against ')}: {other['right'][1]}, p {other['p']:.1e}"
                for text, other in beside.items()
                if text.startswith(f"{way} against ")
            )
            rows.append(
                _row(
                    "mains",
                    f"{shop}: the editor's main, {way}",
                    one,
                    level=f"right main {_told(one)}, or named {_told(one['or_named'])}",
                    baseline="; ".join(filter(None, (f"chance {one['chance']:.2f}", against))),
                    asked=_met("right main", one["or_named"], 0.85) if "group" in way else "",
                )
            )
    return rows
