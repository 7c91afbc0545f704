import importlib.util
import re
import shutil
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from packshot import plugins
from packshot.app.policies import bound_policy
from packshot.choose import order, quality
from packshot.cli import app
from packshot.core import errors
from packshot.core.trouble import TroubleKind
from packshot.evaluate.check import Check
from packshot.evaluate.measure import Measure
from packshot.models import sources
from packshot.policies.categories import load_map
from packshot.policies.load import names
from packshot.testing import every_check, reference_pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
SHIPPED_MODELS = sources.read(sources.SHIPPED)
MEASURES = plugins.discover("measures", Measure)
LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def anchors(page):
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}


def blocks(page, language):
    found = re.findall(rf"^```{language}[^\n]*\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no {language} block"
    return found


def test_the_reference_is_what_the_code_gives():
    assert reference_pages.stale(REFERENCE) == [], "run: make docs"


@pytest.mark.parametrize("harm", ["changed", "missing", "left over"])
def test_a_stale_reference_is_told(tmp_path, harm):
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    page = folder / "checks" / "blurry.md"
    if harm == "missing":
        page.unlink()
    elif harm == "changed":
        page.write_text("old", encoding="utf-8")
    else:
        (folder / "checks" / "gone.md").write_text("gone", encoding="utf-8")
    told = CliRunner().invoke(reference_pages.main, [str(folder), "--check"])
    assert told.exit_code == 1
    assert "make docs" in told.output
    assert CliRunner().invoke(reference_pages.main, [str(folder)]).exit_code == 0
    assert CliRunner().invoke(reference_pages.main, [str(folder), "--check"]).exit_code == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    broken = []
    for target in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_index():
    seen, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")))
        waiting += [(page.parent / link).resolve() for link in links if link.endswith(".md") and "://" not in link]
    assert [page for page in DOCS.rglob("*.md") if page not in seen] == []


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_how_and_where_it_is_blind(name):
    text = MEASURES[name].__doc__ or ""
    assert re.search(r"\bMethod\b", text)
    assert "Blind spots:" in text
    assert all(output.doc.strip() for output in MEASURES[name].outputs)


@pytest.mark.parametrize("name", names())
def test_every_rule_says_what_is_asked_and_where_that_is_written(name):
    silent = [one.rule.id for one in bound_policy(name).rules if not (one.rule.says and one.rule.source)]
    assert silent == []


def test_every_command_and_option_has_its_help():
    groups = [one for one in app.commands.values() if isinstance(one, click.Group)]
    for command in [*app.commands.values(), *(one for group in groups for one in group.commands.values())]:
        assert command.help
        assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


def test_every_error_and_trouble_has_its_place():
    page = DOCS / "errors.md"
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PackshotError)
    ]
    for kind in kinds:
        path, _, anchor = kind.docs.partition("#")
        assert (DOCS / f"{path}.md").exists()
        assert not anchor or anchor in anchors(page), kind
    told = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(kind.value for kind in TroubleKind)


def test_the_weights_that_concepts_names_are_those_in_use():
    text = (DOCS / "concepts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \|", text, re.MULTILINE)
    assert rows == [
        (term, f"{quality.MAIN[term]:.2f}", f"{quality.SECONDARY.get(term, 0.0):.2f}") for term in quality.TERMS
    ]
    for number in (quality.FEED_MAIN, order.WANTED_BONUS, order.LIKENESS_COST, order.FADE, order.SETS_KEPT):
        assert f"{number:g}" in text
    assert f"The main slot weighs {order.MAIN_WEIGHT:g}, the next {order.SECOND_WEIGHT:g}" in text


def test_the_wheels_that_the_docs_name_are_those_in_use():
    text = (DOCS / "how-to" / "models.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[a-z][\w-]*==[\d.]+", text))
    wanted = {f"{file.package}=={file.version}" for source in SHIPPED_MODELS.values() for file in source.files}
    assert told == wanted
    assert [name for name in SHIPPED_MODELS if f"`{name}`" not in text] == []


def test_the_policies_in_the_docs_are_in_order(tmp_path):
    whole, own_map, of_variants = (tmp_path / f"ours-{number}.toml" for number in range(3))
    for file, text in zip(
        (whole, own_map, of_variants), blocks(DOCS / "how-to" / "write-a-policy.md", "toml"), strict=True
    ):
        file.write_text(text, encoding="utf-8")
    bound = bound_policy(whole)
    rules = bound.by_id()
    assert rules["product_too_small"].params.min_product_fill_share == 0.9
    assert "no_zoom" not in rules
    assert rules["our_logo"].rule.manual
    assert rules["background_not_white"].rule.source, "what is inherited keeps its source"
    assert bound.policy.gallery.max_pictures == bound_policy("amazon").policy.gallery.max_pictures
    assert "clog" in load_map(own_map)["shoes"].words
    assert bound_policy(of_variants).by_id()["every_variant_its_own"].params.variants_may_share is False


def test_every_field_of_a_rule_is_told():
    from packshot.policies.parse import GALLERY_FIELDS, RULE_FIELDS, TOP_FIELDS

    text = (DOCS / "how-to" / "write-a-policy.md").read_text(encoding="utf-8")
    assert [name for name in (*RULE_FIELDS, *GALLERY_FIELDS) if f"`{name}`" not in text] == []
    assert [name for name in TOP_FIELDS if name not in text] == []


def test_the_check_that_the_docs_add_follows_the_contract(tmp_path, monkeypatch):
    (text,) = blocks(DOCS / "how-to" / "add-a-check.md", "python")
    file = tmp_path / "almost_square.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("almost_square", file)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "almost_square", module)
    spec.loader.exec_module(module)
    check = module.AlmostSquare
    assert issubclass(check, Check)
    outputs = {output.name: output for measure in MEASURES.values() for output in measure.outputs}
    every_check.follows_the_contract("almost_square", check, outputs)


def test_every_model_of_our_own_has_a_script_and_a_card_that_the_docs_lead_to():
    listed = (ROOT / "src/packshot/models/own/sha256.toml").read_text(encoding="utf-8").splitlines()
    text = (DOCS / "how-to" / "own-models.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| .+ \| \[card\]\(\.\./\.\./training/(\w+)\.md\) \|", text, re.MULTILINE)
    assert sorted(name for name, _ in told) == sorted(line.split()[0] for line in listed)
    for _, card in told:
        assert (ROOT / "training" / f"{card}.py").is_file()
        assert (ROOT / "training" / f"{card}.md").is_file()
