import pyarrow as pa
import pytest

from packshot.app import explain, table_columns, table_names
from packshot.core.errors import UnknownName
from packshot.evaluate.bind import bind
from packshot.plugins import discover
from packshot.policies.policy import Policy, Rule
from packshot.storage import schemas


def bound(name, says):
    rules = (Rule(id="soft", check="blurry", says=says),)
    return bind(Policy(id=name, title=name, rules=rules), discover("checks", explain.Check))


@pytest.fixture
def two(monkeypatch):
    """Two policies that have a rule of one name."""
    policies = {"one": bound("one", "Crisp."), "two": bound("two", "Very crisp.")}
    monkeypatch.setattr(explain, "names", lambda: list(policies))
    monkeypatch.setattr(explain, "bound_policy", policies.__getitem__)


@pytest.mark.usefixtures("two")
def test_a_rule_that_two_policies_have_is_told_of_both():
    told = explain.explained("soft")
    assert (told.id, told.kind) == ("soft", "rule")
    assert dict(told.sections)["one/soft, Says"] == ("Crisp.",)
    assert dict(told.sections)["two/soft, Says"] == ("Very crisp.",)
    assert explain.explained("two/soft").as_dict()["Says"] == ("Very crisp.",)
    assert explain.explained("blurry").as_dict()["Rules"] == (
        "one/soft [fix]: Crisp.",
        "two/soft [fix]: Very crisp.",
    )
    with pytest.raises(UnknownName, match="soft"):
        explain.explained("sofd")


HELD = {
    "listings": schemas.LISTINGS,
    "placements": schemas.PLACEMENTS,
    "assets": schemas.ASSETS,
    "matches": schemas.MATCHES,
    "clusters": schemas.CLUSTERS,
    "findings": schemas.FINDINGS,
    "verdicts": schemas.VERDICTS,
    "galleries": schemas.GALLERIES,
    "troubles": schemas.TROUBLES,
}
INNER = {"snapshot_id", "seq", "op", "attempt", "uri_key"}
"""Columns that `packshot table` leaves out."""


def test_every_column_of_every_table_is_explained():
    assert tuple(table_columns.TABLES) == table_names.TABLES
    for table, schema in HELD.items():
        assert isinstance(schema, pa.Schema)
        lacking = {*schema.names} - {*table_columns.TABLES[table][1], *table_columns.SHARED} - INNER
        assert not lacking, table


def test_columns_of_tables_are_told():
    told = explain.explained("verdict_as_main")
    assert (told.kind, told.sections) == ("column", (("Table", ("verdicts",)),))
    assert "if the picture were the main one" in told.title
    assert [line.partition(":")[0] for line in dict(explain.explained("role").sections)["In the tables"]] == [
        "placements",
        "findings",
        "verdicts",
        "galleries",
    ]
    assert dict(explain.explained("width_px").sections)["In other tables"][0].startswith("assets: ")
    assert explain.explained("asset_id").kind == "column"
    assert explain.explained("galleries").kind == "table"
    with pytest.raises(UnknownName, match="verdict_as_main"):
        explain.explained("verdict_as_mian")
