import json

import jsonschema
import pytest

from packshot.app.workspace_file import MOST_BYTES, filled, load, parsed, web_values
from packshot.app.workspace_file_place import NAME, find
from packshot.app.workspace_file_schema import as_plain, schema
from packshot.collect.web.settings import WebSettings
from packshot.core.errors import SettingsError, UsageError

WHOLE = {
    "workspace": "work",
    "catalog": "${CATALOG_URL}",
    "policies": ["amazon", "ours.toml"],
    "sources": [
        {
            "name": "shop",
            "at": "feeds/artikel.csv",
            "encoding": "cp1252",
            "delimiter": "tab",
            "header_line": 3,
            "picture_separator": "|",
            "map": {"listing_id": "Art.-Nr.", "foto": "x", "additional_images": ["b", "c*"]},
        },
        {"at": "s3://bucket/shop", "kind": "folder", "group_by": "folder"},
    ],
    "run": {"workers": 2, "thorough": True},
    "limits": {"file_timeout_seconds": 5, "max_trouble_share": 0.1, "fail_on": "block"},
    "web": {"allow_ports": [8080], "contact": "us@shop.example", "host_gap_seconds": 0},
    "outputs": {"report": False, "tables": {"galleries": "out/galleries.csv"}},
}
GOOD = {**WHOLE, "sources": [{**WHOLE["sources"][0], "map": {"image": "foto", "title": "x"}}, WHOLE["sources"][1]]}


def test_a_whole_file_is_read(tmp_path):
    (tmp_path / "ours.toml").write_text('extends = "house"\n', encoding="utf-8")
    values, mistakes = parsed(GOOD, tmp_path)
    assert mistakes == []
    one, other = values["sources"]
    assert (one.form.delimiter, one.form.header_line, one.map) == ("\t", 3, {"image": "foto", "title": "x"})
    assert (other.group_by, other.form.said()) == ("folder", {})
    assert WebSettings(**web_values(values["web"])).ports == (80, 443, 8080)


def test_paths_are_relative_to_the_file_and_variables_are_filled_in(tmp_path, monkeypatch):
    folder = tmp_path / "shop"
    (folder / "below").mkdir(parents=True)
    file = folder / NAME
    file.write_text(
        'workspace = "../w"\n[[sources]]\nname = "a"\nat = "feed.csv"\n[[sources]]\nat = "${FEED}"\n', "utf-8"
    )
    assert find(folder / "below") == file
    assert find(tmp_path) is None or find(tmp_path).parent != folder
    found = load(file)
    assert found.place(found.workspace) == str(tmp_path / "w")
    assert found.source("a") is found.source(str(folder / "feed.csv")) is found.sources[0]
    assert found.source("feed.tsv") is None
    monkeypatch.delenv("FEED", raising=False)
    with pytest.raises(UsageError, match="FEED, which is not set"):
        found.place(found.sources[1].at)
    monkeypatch.setenv("FEED", "https://u:p@shop.example/f.csv")
    assert found.place(found.sources[1].at) == "https://u:p@shop.example/f.csv"
    assert "u:p" not in json.dumps(as_plain(found))
    assert filled("a $b {c}", file) == "a $b {c}"


def test_all_mistakes_are_told_at_once_with_the_nearest_names(tmp_path):
    file = tmp_path / NAME
    file.write_text(
        'polices = ["house"]\npolicies = ["amazn", "gone.toml"]\n[limits]\nfail_on = "blok"\nmax_trouble_share = 3\n'
        '[web]\ncontact = "ä"\n[outputs]\ntables = { gallerys = "x.csv" }\n'
        '[[sources]]\nname = "a"\nat = "https://u:p@shop.example/f.csv"\nkind = "delimeted"\ndelimiter = ";;"\n'
        '[sources.map]\nimag = "x"\ntitle = 3\nbrand = ["a,b"]\n[[sources]]\nname = "a"\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as told:
        load(file)
    wrong = "\n".join(told.value.mistakes)
    near = (
        "policies",
        "amazon",
        "block",
        "galleries",
        "delimited",
        "image",
        "${NAME}",
        "gone.toml",
        "ASCII",
        "says not where",
    )
    assert [word for word in near if word not in wrong] == []
    assert len(told.value.mistakes) == 14
    assert "u:p" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[sources]\n", "not TOML"),
        ("a = 1\na = 2\n", "not TOML"),
        (f"a = {'9' * 5000}\n", "not TOML"),
        (f"a = {'[' * 20_000}{']' * 20_000}\n", "nested too deep"),
        ("#" * (MOST_BYTES + 1), "more than"),
    ],
)
def test_what_is_no_toml_is_told(tmp_path, text, told):
    file = tmp_path / NAME
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load(file)


def test_the_schema_takes_what_is_read_and_refuses_what_is_not(tmp_path):
    (tmp_path / "ours.toml").write_text('extends = "house"\n', encoding="utf-8")
    validator = jsonschema.Draft7Validator(schema())
    validator.check_schema(schema())
    assert list(validator.iter_errors(GOOD)) == []
    wrong = [
        {"polices": []},
        {"sources": [{"name": "a"}]},
        {"sources": [{"at": "a", "map": {"imag": "x"}}]},
        {"sources": [{"at": "a", "kind": "delimeted"}]},
        {"sources": [{"at": "a", "header_line": 0}]},
        {"limits": {"max_trouble_share": 3}},
        {"limits": {"file_timeout_seconds": 0}},
        {"outputs": {"tables": {"gallerys": "x.csv"}}},
        {"outputs": {"tables": {"galleries": "x.xls"}}},
        {"web": {"allow_ports": [70_000]}},
    ]
    for one in wrong:
        assert list(validator.iter_errors(one)), one
        assert parsed(one, tmp_path)[1], one


def test_every_key_says_what_it_is():
    told = schema()["properties"]
    source = told["sources"]["items"]["properties"]
    for properties in (told, source, *(one["properties"] for one in told.values() if "properties" in one)):
        assert [name for name, shape in properties.items() if not shape.get("description")] == []
