"""Choosing told one listing after the other, in plain loops: what the columns have to agree with."""

import numpy as np
import polars as pl
import pytest

from packshot.choose import catalogue
from packshot.choose.advantages import COMPARED, COUNTS, FULL, MOST, PLAIN, SHOTS, SMALLEST, TOLD
from packshot.choose.diversity import similarity
from packshot.choose.order import Problem, best_order
from packshot.choose.quality import MAIN, NO_TERM, TERMS, quality
from packshot.choose.reasons import ALIKE, PLAIN_ROLES, RANKS, SEVERITY
from packshot.choose.terms import measured


def _number(pattern, value):
    return "" if value is None else pattern.format(value)


def _strength(term, row):
    if term == "resolution":
        sides = _number("{:.0f}×", row["width_px"]) + _number("{:.0f} px", row["height_px"])
        return sides if row["width_px"] else ""
    said = {
        "background": _number("{:.0%} of the background white", row["background_white_share"]),
        "fill": _number("the product fills {:.0%} of the frame", row["product_fill_share"]),
        "centering": _number("centring {:.2f}", row["product_centering"]),
        "whole": "the whole product in the frame" if row["cut_off_edges"] is not None else "",
        "sharpness": _number("sharpness {:.2f}", row["sharpness"]),
        "exposure": _number("well exposed, brightness {:.2f}", row["brightness"]),
        "clean": _number("noise {:.1f} of 255", row["noise_sigma"]),
        "information": _number("information {:.2f}", row["information"]),
        "unframed": "no border" if row["border_px"] is not None else "",
    }
    return said[term]


def _with_strengths(value, row, terms):
    words = ", ".join(filter(None, (_strength(TERMS[term], row) for term in terms if term != NO_TERM)))
    return f"quality {value:.2f}" + (f" ({words})" if words else "")


def _pictures(table):
    scores = quality(table)
    table = catalogue._eligible(
        catalogue._scored(table.with_columns(listing=pl.col("listing_id").rle_id().cast(pl.Int64)), scores)
    )
    rows = table.with_columns(pl.col("verdict_as_main").fill_null("not judged")).rows(named=True)
    facts = measured(table).rows(named=True)
    for at, row in enumerate(rows):
        row["at"] = at
        row["faults"] = "; ".join(row["main_faults"] or [])
        row["terms"], row["facts"] = scores.terms[at], facts[at]
        row["as_main"] = _with_strengths(row["main"], facts[at], scores.main_strengths[at])
        row["as_other"] = _with_strengths(row["secondary"], facts[at], scores.secondary_strengths[at])
    return table, rows


def _most_alike(problem, index, others):
    return max(((problem.likeness[index][other], other) for other in others), default=(0.0, index))


def _why_main(problem, shown, index):
    picture = shown[index]
    rivals = [other for other in range(len(shown)) if other != index and problem.main[other] >= 0]
    if not rivals:
        return f"the only picture that may be main; {picture['as_main']}"
    rival = max(rivals, key=problem.main.__getitem__)
    against = f"{shown[rival]['source_uri']} has {problem.main[rival]:.2f}"
    if problem.main[rival] > picture["main"]:
        return f"{picture['as_main']}; {against}, but the gallery as a whole gains more with that one in another slot"
    best = f"best of {len(rivals) + 1} that may be main"
    if better := _advantages(picture, [shown[other] for other in rivals]):
        return f"{better}; {best}: quality {picture['main']:.2f}, {against}"
    return f"{best}; {picture['as_main']}; {against}"


def _advantages(picture, rivals):
    told, gains = {}, {}
    for number, term in enumerate(TERMS):
        own, others = picture["terms"][number], [rival["terms"][number] for rival in rivals]
        gains[term] = (own - sum(others) / len(others)) * MAIN.get(term, 0.0)
        facts = {"view": f"{picture['facts']['view']} view", "shot": SHOTS.get(picture["facts"]["shot_type"])}
        told[term] = COMPARED.get(term) or TOLD.get(term) or facts[term]
        fits = own - max(others) > PLAIN if term in COMPARED else own >= FULL and told[term] is not None
        if not fits or gains[term] <= SMALLEST:
            del told[term]
    best = sorted(told, key=lambda term: -gains[term])[:MOST]
    compared = " and ".join(told[term] for term in best if term in COMPARED)
    count = COUNTS[len(rivals)] if len(rivals) < len(COUNTS) else f" {len(rivals)}"
    said = [told[term] for term in best if term not in COMPARED]
    return ", ".join(said + ([f"{compared} than the other{count}"] if compared else []))


def _why_here(problem, shown, order, at):
    picture, lead = shown[order[at]], shown[order[0]]
    role = picture["role"]
    said = [picture["as_other"]]
    said += [f"the channel wants a {role.replace('_', ' ')} picture"] if role in problem.wanted else []
    said += [f"a {role.replace('_', ' ')} stands last"] if role in RANKS else []
    if role == "main" and not picture["may_be_main"]:
        said.append(f"main in the feed, but it may not be ({picture['faults'] or picture['verdict_as_main']})")
    elif role == "main":
        against = f"{lead['main']:.2f} against {picture['main']:.2f}"
        said.append(f"main in the feed, but {lead['source_uri']} is better there ({against})")
    alike, other = _most_alike(problem, order[at], order[:at])
    said += [f"{alike:.0%} like {shown[other]['source_uri']}"] if alike >= ALIKE else []
    return "; ".join(said)


def _why_not(problem, shown, order, index):
    picture = shown[index]
    if not picture["may_be_secondary"]:
        lead = f"may be nothing but main, and {shown[order[0]]['source_uri']} is better there" if order else ""
        return lead or "no slot free"
    worth = f"quality {picture['secondary']:.2f}"
    if len(order) + problem.first_slot >= problem.pictures:
        return f"the channel shows {problem.pictures} pictures, and better ones fill them; {worth}"
    alike, other = _most_alike(problem, index, order)
    return f"adds too little: {alike:.0%} like {shown[other]['source_uri']}, {worth}"


def _empty_main(pictures):
    read = [p for p in pictures if p["asset_id"] is not None and not p["unreadable"]]
    able = [p for p in read if p["role"] not in RANKS]
    if not read:
        whose = "the picture" if len(pictures) == 1 else f"none of the {len(pictures)} pictures"
        return f"no picture could be main: {whose} could {'not ' if len(pictures) == 1 else ''}be read"
    if not able:
        return "no picture could be main: none can be shown as such"
    best = min(able, key=lambda p: (SEVERITY.get(p["verdict_as_main"], 2), -p["main"], p["placement_id"]))
    faults = f": {best['faults']}" if best["faults"] else ""
    return f"no picture may be main; the best candidate is {best['source_uri']} ({best['verdict_as_main']}{faults})"


def _missing(pictures, roles, count, rules):
    found = []
    for role in dict.fromkeys(role.value for role in rules.wanted_roles):
        if role in PLAIN_ROLES or role in roles:
            continue
        there = next((p for p in pictures if p["role"] == role), None)
        why = "nobody supplied one"
        if there:
            why = f"{there['source_uri']} is one, but {there['hurdle'] or 'it was not chosen'}"
        found.append(("missing", role, f"the channel wants a {role.replace('_', ' ')} picture; {why}"))
    if count < rules.wanted_pictures:
        short = f"shows {count} of the {rules.wanted_pictures} pictures that the channel wants"
        found.append(("missing", "secondary", short))
    return found


def _gallery(table, pictures, rules):
    """`(slot, role, placement_id, score, reason)` of one listing."""
    shown = [p for p in pictures if not p["hurdle"]]
    at = np.array([p["at"] for p in shown], dtype=np.int64)
    likeness = [similarity(table["pdq"], table["lab16"], np.full(at.size, one), at).tolist() for one in at]
    for index in range(at.size):
        likeness[index][index] = 0.0
    problem = Problem(
        main=[p["main"] if p["may_be_main"] else -1.0 for p in shown],
        secondary=[p["secondary"] if p["may_be_secondary"] else -1.0 for p in shown],
        rank=[RANKS.get(p["role"], 0) for p in shown],
        role=[p["role"] for p in shown],
        wanted=frozenset(role.value for role in rules.wanted_roles) - PLAIN_ROLES,
        likeness=likeness,
        pictures=rules.max_pictures,
    )
    order = best_order(problem)
    rows = [] if problem.first_slot == 0 else [("main", "main", None, None, _empty_main(pictures))]
    for spot, index in enumerate(order):
        p, slot = shown[index], spot + problem.first_slot
        if slot == 0:
            rows.append(("main", "main", p["placement_id"], p["main"], _why_main(problem, shown, index)))
        else:
            role = "secondary" if p["role"] == "main" else p["role"]
            reason = _why_here(problem, shown, order, spot)
            rows.append((str(slot), role, p["placement_id"], p["secondary"], reason))
    for index in range(len(shown)):
        if index not in order:
            p = shown[index]
            rows.append(("rejected", p["role"], p["placement_id"], None, _why_not(problem, shown, order, index)))
    rows += [("rejected", p["role"], p["placement_id"], None, p["hurdle"]) for p in pictures if p["hurdle"]]
    missing = _missing(pictures, {shown[index]["role"] for index in order}, len(order), rules)
    return rows + [(slot, role, None, None, reason) for slot, role, reason in missing]


@pytest.fixture
def one_by_one():
    """The rows of `choose`: `listing_id slot role placement_id score reason`."""

    def galleries(placements, rules):
        missing = [pl.lit(None, dtype=k).alias(n) for n, k in catalogue.OPTIONAL.items() if n not in placements.columns]
        table = placements.with_columns(missing).sort("listing_id", "position", "placement_id", nulls_last=True)
        table, pictures = _pictures(table)
        found = []
        for listing in dict.fromkeys(p["listing_id"] for p in pictures):
            mine = [p for p in pictures if p["listing_id"] == listing]
            found += [(listing, *row) for row in _gallery(table, mine, rules)]
        names = ("listing_id", "slot", "role", "placement_id", "score", "reason")
        kinds = dict.fromkeys(names, pl.String) | {"score": pl.Float32}
        return pl.DataFrame(found, schema=kinds, orient="row")

    return galleries
