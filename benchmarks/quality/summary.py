"""The tables of docs/benchmarks.md, from the result files of the exams."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

HEAD = [
    "exam",
    "data",
    "n",
    "positives",
    "precision",
    "recall",
    "AP",
    "AUC or level",
    "baseline",
    "CPU ms",
    "asked: met",
]
SIGNS = {"recall": "recall", "precision": "precision", "ap": "AP", "auc": "AUC", "group_auc": "AUC in groups"}
WORDS = SIGNS | {
    "false_positives": "false positives",
    "mean": "mean",
    "median": "median",
    "share_at_bound": "share at the bound",
    "macro_f1": "mean F1 of the classes",
    "cpu_ms": "CPU ms",
    "spearman": "rank correlation",
}


def told(found: dict[str, Any] | None) -> str:
    """`0.91 (0.87 to 0.95)`."""
    if not found or found["value"] is None:
        return "–"
    if found["low"] is None:
        return f"{found['value']:.2f}"
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def results(folder: Path) -> list[dict[str, Any]]:
    """Every result, sorted by exam."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def table(found: list[dict[str, Any]]) -> list[list[str]]:
    """One row for each exam, its baselines under it; the first row is the head."""
    rows = [HEAD]
    for result in found:
        asked = [
            f"{WORDS[one['figure']]}{_of(one)} {'≤' if one['most'] else '≥'} {one['bound']:g}: {one['met']}"
            for one in result["wanted"]
        ]
        names = ", ".join(_named(one) for one in result["data"])
        cpu = "–" if result["cpu_ms"] is None else f"{result['cpu_ms']:.1f}"
        rows.append([f"`{result['exam']}`", names, *_figures(result["figures"]), "", cpu, "<br>".join(asked)])
        rows += [["", "", *_figures(own), name, "", ""] for name, own in result["baselines"].items()]
    return rows


def _of(wanted: dict[str, Any]) -> str:
    return f" ({wanted['of']})" if wanted["of"] else ""


def _named(data: dict[str, Any]) -> str:
    return f"{data['name']} (synthetic)" if data["synthetic"] else str(data["name"])


def _figures(figures: dict[str, Any]) -> list[str]:
    if "mean" in figures:
        level = f"mean {told(figures['mean'])}"
        if "share_at_bound" in figures:
            level += f"; at the bound {told(figures['share_at_bound'])}"
        if "macro_f1" in figures:
            level = f"mean F1 of the classes {told(figures['macro_f1'])}; right {told(figures['mean'])}"
        return [str(figures["n"]), "–", "–", "–", "–", level]
    if "spearman" in figures:
        return [str(figures["n"]), "–", "–", "–", "–", f"rank correlation {told(figures['spearman'])}"]
    area = told(figures.get("auc"))
    if "group_auc" in figures:
        area = f"in {figures['groups']} groups {told(figures['group_auc'])}; all {area}"
    shown = [told(figures.get(name)) for name in ("precision", "recall", "ap")]
    return [str(figures["n"]), str(figures.get("positives", "–")), *shown, area]


def by_slice(found: list[dict[str, Any]]) -> list[list[str]]:
    """One row for each slice of each exam, with what the baselines say of it."""
    rows = [["exam", "slice", "n", "positives", "figures", "baselines"]]
    for result in found:
        for name, figures in result["slices"].items():
            beside = [f"{base}: {_short(own.get(name, {}))}" for base, own in result["baseline_slices"].items()]
            positives = str(figures.get("positives", "–"))
            rows.append(
                [f"`{result['exam']}`", name, str(figures["n"]), positives, _short(figures), "; ".join(beside) or "–"]
            )
    return rows


def _short(figures: dict[str, Any]) -> str:
    """The figures that say most of a slice."""
    if "mean" in figures:
        names: tuple[str, ...] = ("macro_f1", "mean", "share_at_bound")
    elif "spearman" in figures:
        names = ("spearman",)
    elif "group_auc" in figures:
        names = ("group_auc", "auc")
    else:
        names = ("recall", "false_positives", "precision", "auc")
    shown = [f"{WORDS[name]} {told(figures[name])}" for name in names if name in figures]
    return ", ".join(shown) or "–"


def notes(found: list[dict[str, Any]]) -> str:
    """For each exam: which bound ships, what set it, what the reader must know, when it was taken."""
    lines = []
    for result in found:
        bound = result["bound"]
        told = ""
        if bound:
            counted = "right" if result["kind"] == "level" else "found"
            place = f"`{bound['where']}`" if " " not in bound["where"] else bound["where"]
            told = f"{counted} where {bound['sense']} {bound['value']:g} ({place}); "
        models = "".join(f"; {name} {number}" for name, number in result["models"].items())
        about = f" {result['about']}" if result["about"] else ""
        taken = f"Taken {result['conditions']['taken']}, packshot {result['packshot']}{models}."
        lines.append(f"- `{result['exam']}`: {result['title']}; {told}set on {result['set_on']}.{about} {taken}")
    return "\n".join(lines)
