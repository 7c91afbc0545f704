"""Trains the weights by which the choice of the main picture ranks the pictures of a listing.

python training/main_ranker.py --data ../shared/data [--cache MEASURED.npz]; numpy, polars, opencv and packshot's
models. About three minutes of CPU time for what is measured, which the cache keeps, and seconds for the rest. Writes
src/packshot/choose/main_weights.toml and training/main_ranker_folds.json (weights that did not see what they score),
and prints the scores of training/main_ranker.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from listing_groups import MAINS, fold_of
from main_pictures import LONGEST, Shown, made_of, shown
from packshot.choose.terms import COLUMNS, measured, term_values, terms
from packshot.evaluate.faces import found_faces
from packshot.evaluate.shots import (
    MIN_CONFIDENCE,
    TYPE_HEAD,
    TYPE_WORTHS,
    TYPES,
    VIEW_HEAD,
    VIEW_WORTHS,
    VIEWS,
    WORN,
    type_inputs,
    weighed,
)
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.media.decode import decode
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "packshot" / "choose" / "main_weights.toml"
PRIOR = {
    "background": 0.22,
    "fill": 0.15,
    "centering": 0.04,
    "whole": 0.07,
    "sharpness": 0.13,
    "resolution": 0.16,
    "exposure": 0.08,
    "clean": 0.04,
    "information": 0.07,
    "unframed": 0.04,
    "shot": 0.25,
    "view": 0.2,
    "face": 0.2,
}
"""What the weights are before any pair is seen, by judgement: what the choice read before there was a ranker, and as
much again for what the picture shows."""
LATER = {"technical": 0.08, "unlettered": 0.1, "unmarked": 0.08, "single": 0.08, "clean_edges": 0.04, "upright": 0.1}
"""By judgement, beside 1 for the rest: columns that nothing here could be trained with."""
STEEP = 12.0
"""Logits of a difference of 1 in the weighted terms, before any pair is seen."""
PULL = 0.2
"""How strongly the weights are drawn to those of before: of a pull on squared logits, each divided by `STEEP`."""
LEAST = 0.25
"""Of its weight before, every term keeps so much: what sense asks for is never silent."""
STEPS = 4000
MADE_COUNT = 0.25
"""What a made pair counts, where a listing with an editor's choice counts 1."""


def collected(pictures: list[Shown], cache: Path | None) -> tuple[pl.DataFrame, Floats]:
    """The measured columns of each picture; and what the heads read, the score of its face behind, (n, 1284)."""
    rows: dict[str, dict[str, object]] = {}
    inputs: dict[str, list[float]] = {}
    if cache is not None and cache.is_file():
        kept = np.load(cache)
        rows = json.loads(str(kept["rows"]))
        inputs = dict(zip(rows, kept["inputs"].tolist(), strict=True))
    wanted = {c for c in COLUMNS if not c.startswith(("shot_type", "view"))}
    measures = {n: m for n, m in all_measures().items() if {o.name for o in m.outputs} & wanted}
    for one in pictures:
        if one.key in rows:
            continue
        picture = decode(one.path.read_bytes())
        if one.made:
            rgb = made_of(np.ascontiguousarray(picture.rung(LONGEST)), one.made, str(one.path))
            picture = Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb, None)
        values = measure_picture(picture, measures)[0]
        rows[one.key] = {name: values[name] for name in wanted & values.keys()}
        face = max((face.score for face in picture.once(found_faces)), default=0.0)
        inputs[one.key] = [*type_inputs(picture).astype(np.float32).tolist(), face]
    if cache is not None:
        np.savez(cache, rows=json.dumps(rows), inputs=np.array([inputs[key] for key in rows], np.float32))
    frame = pl.DataFrame([rows[one.key] for one in pictures], infer_schema_length=None)
    return frame, np.array([inputs[one.key] for one in pictures], float)


def with_heads(frame: pl.DataFrame, inputs: Floats, fold: list[str]) -> pl.DataFrame:
    """With the kind of shot and the view, each by heads that saw nothing of the picture's fold."""
    with np.load(HERE / "shot_head_folds.npz") as opened:
        kept = {name: opened[name].astype(float) for name in opened.files}
    types, views = np.zeros((len(fold), len(TYPES))), np.zeros((len(fold), len(VIEWS)))
    for name in sorted(set(fold)):
        those = np.array([one == name for one in fold])
        head = {key: kept[f"{name} {TYPE_HEAD} {key}"] for key in ("weights", "bias")}
        types[those] = weighed(head, inputs[those, :-1])
        worn = types[those, TYPES.index("on_model")]
        clear = np.clip((inputs[those, -1] - 0.5) / 0.5, 0, 1) * (worn >= WORN)
        head = {key: kept[f"{name} {VIEW_HEAD} {key}"] for key in ("weights", "bias")}
        views[those] = weighed(head, np.c_[inputs[those, :-1], worn, worn * clear])
    return frame.with_columns(
        **_said("shot_type", types, TYPES),
        **_said("view", views, VIEWS),
        shot_fit=pl.Series(types @ np.array([TYPE_WORTHS[name] for name in TYPES])),
        view_fit=pl.Series(views @ np.array([VIEW_WORTHS[name] for name in VIEWS])),
    )


def _said(name: str, probabilities: Floats, names: tuple[str, ...]) -> dict[str, pl.Series]:
    likely = probabilities.max(axis=1)
    best = [names[k] or None for k in probabilities.argmax(axis=1)]
    said = [one if p >= MIN_CONFIDENCE else None for one, p in zip(best, likely, strict=True)]
    return {name: pl.Series(said, dtype=pl.String), f"{name}_confidence": pl.Series(likely)}


def pairs(pictures: list[Shown], chosen: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The first picture and another of each listing, and what the pair counts; of the `chosen` pictures."""
    listings: dict[tuple[str, str], list[int]] = {}
    for number in np.flatnonzero(chosen):
        listings.setdefault((pictures[number].shop, pictures[number].listing), []).append(int(number))
    first, other, weight = [], [], []
    for those in listings.values():
        leads = [number for number in those if pictures[number].first]
        rest = [number for number in those if not pictures[number].first]
        for number in rest if len(leads) == 1 else ():
            first.append(leads[0])
            other.append(number)
            weight.append(MADE_COUNT if pictures[number].made else 1 / len(rest))
    return np.array(first, int), np.array(other, int), np.array(weight)


def ranked(values: Floats, absent: Flags, pictures: list[Shown], chosen: Flags, pull: float = PULL) -> Floats:
    """What each term weighs, all together 1, by Bradley and Terry's model of the pairs.

    No weight is below a quarter of what it was before, so none is negative: a picture that is better in one term and
    worse in none never loses.
    Projected accelerated descent from the weights of before, to which a pull holds what no pair speaks of.
    """
    first, other, weight = pairs(pictures, chosen)
    seen = np.where(absent, 0.5, values)
    apart = seen[first] - seen[other]
    weight = weight / weight.sum()
    before = STEEP * np.array([PRIOR.get(name, 0.0) for name in terms()])
    free = np.array([name in PRIOR for name in terms()])
    reach = 0.25 * np.linalg.eigvalsh((apart * weight[:, None]).T @ apart).max() + pull / STEEP
    found = ahead = before
    for step in range(STEPS):
        told = 1 / (1 + np.exp(-(apart @ ahead)))
        slope = -apart.T @ (weight * (1 - told)) + pull / STEEP * (ahead - before)
        last, found = found, np.where(free, np.maximum(ahead - slope / reach, LEAST * before), 0)
        ahead = found + step / (step + 3) * (found - last)
    return found / found.sum()


def scores_of(values: Floats, absent: Flags, weights: Floats) -> Floats:
    """The weighted mean of the terms that are there."""
    there = np.where(absent, 0.0, weights)
    return (values * there).sum(axis=1) / there.sum(axis=1)


def tell(name: str, scores: Floats, pictures: list[Shown]) -> None:
    """Print of how many listings the first picture is found, and of how many made pairs the order is right, by shop."""
    for shop in dict.fromkeys(one.shop for one in pictures):
        first, other, _ = pairs(pictures, np.array([one.shop == shop for one in pictures]))
        right = scores[first] > scores[other]
        kinds = np.array([pictures[number].made for number in other])
        chosen = {number: bool(right[(first == number) & (kinds == "")].all()) for number in first[kinds == ""]}
        each = " ".join(
            f"{kind} {right[kinds == kind].sum()}/{(kinds == kind).sum()}" for kind in np.unique(kinds[kinds != ""])
        )
        told = f"{sum(chosen.values())} of {len(chosen)} listings, " if chosen else ""
        print(f"{name}: {shop}: {told}made: {right[kinds != ''].mean():.3f} of {(kinds != '').sum()}: {each}")


def main(data: Path, cache: Path | None) -> None:
    """Train, score, write."""
    pictures = list(shown(data))
    plain, inputs = collected(pictures, cache)
    fold = [str(fold_of(one.group)) for one in pictures]
    shop = np.array([one.shop for one in pictures])
    numbers = np.array(fold)
    values, absent = term_values(measured(with_heads(plain, inputs, fold)))
    folds = {name: ranked(values, absent, pictures, numbers != name) for name in sorted(set(fold))}
    by_group = np.concatenate([scores_of(values[[k]], absent[[k]], folds[fold[k]]) for k in range(len(fold))])
    tell("group unseen", by_group, pictures)
    prior = np.array([PRIOR.get(name, 0.0) for name in terms()])
    tell("by judgement", scores_of(values, absent, prior), pictures)
    for name in MAINS:
        those = shop == name
        folds[name] = ranked(values, absent, pictures, ~those)
        frame = with_heads(plain, inputs, [name if one else k for one, k in zip(those, fold, strict=True)])
        unseen, missing = term_values(measured(frame))
        some = [one for one in pictures if one.shop == name]
        tell("shop unseen", scores_of(unseen[those], missing[those], folds[name]), some)
        tell("shop unseen, by judgement", scores_of(unseen[those], missing[those], prior), some)
    whole = ranked(values, absent, pictures, np.ones(len(fold), bool))
    for place, name in enumerate(terms()):
        each = " ".join(f"{one[place]:.3f}" for one in folds.values())
        print(f"   {name:12} {prior[place] / prior.sum():.3f} → {whole[place]:.3f}; of the folds {each}")
    _write(whole, folds)


def _write(whole: Floats, folds: dict[str, Floats]) -> None:
    text = ["# Written by training/main_ranker.py; what it is: training/main_ranker.md", "", "[learned]"]
    text += [f"{name} = {one:.4f}" for name, one in zip(terms(), whole, strict=True) if name in PRIOR]
    text += ["", "# By judgement, beside 1 for all the above", "[judged]"]
    text += [f"{name} = {one:.4f}" for name, one in LATER.items()]
    WEIGHTS.write_text("\n".join(text) + "\n", encoding="utf-8")
    kept = {name: dict(zip(terms(), one.round(5).tolist(), strict=True)) for name, one in folds.items()}
    (HERE / "main_ranker_folds.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep what is measured here")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
