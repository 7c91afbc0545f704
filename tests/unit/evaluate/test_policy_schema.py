import tomllib
from datetime import date
from importlib import resources

import jsonschema
import pytest

from packshot import plugins
from packshot.core.errors import PolicyError
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.evaluate.policy_schema import policy_schema
from packshot.pipeline.kept_policy import kept_text
from packshot.policies.load import names

CHECKS = plugins.discover("checks", Check)
SCHEMA = policy_schema(CHECKS, names())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def as_json(value):
    """What an editor makes of TOML: a date becomes text."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(text):
    return [error.message for error in VALIDATOR.iter_errors(as_json(tomllib.loads(text)))]


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", names())
def test_it_accepts_every_policy_that_ships_as_written_and_as_kept(name):
    text = resources.files("packshot.policies").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    assert faults(text) == []
    assert faults(kept_text(load_bound(name, CHECKS))) == []


RULE = '[[rules]]\ncheck = "blurry"\n'


@pytest.mark.parametrize(
    "text",
    [
        'titel = "x"\n' + RULE,
        '[[rules]]\ncheck = "blury"\n',
        RULE + 'roles = ["mian"]\n',
        RULE + 'on_fail = "blok"\n',
        RULE + 'evidence = "hearsay"\n',
        RULE + "colour = 3\n",
        RULE + "params = { min_sharpnes = 0.4 }\n",
        RULE + 'params = { min_sharpness = "high" }\n',
        '[[rules]]\ncheck = "background_not_white"\nparams = { min_white_share = 99 }\n',
        '[[rules]]\ncheck = "too_few_pixels"\nparams = { min_longest_px = 500.5 }\n',
        '[[rules]]\ncheck = "unaccepted_format"\nparams = { accepted = "jpeg" }\n',
        '[[rules]]\ncheck = "main_missing"\nroles = ["main"]\n',
        '[[rules]]\nid = "look"\nmanual = true\n',
        '[[rules]]\nmanual = true\nquestion = "?"\n',
        '[[rules]]\nid = "look"\nmanual = true\nquestion = "?"\ncheck = "blurry"\n',
        RULE + 'question = "Is it?"\n',
        '[[rules]]\nsays = "Nothing."\n',
        "[gallery]\nmax_pictures = 0\n" + RULE,
        "rules = 3\n",
        '[categories.shoes]\nword = ["boot"]\n' + RULE,
        RULE + 'says = ""\n',
        RULE + "require = 1\n",
    ],
)
def test_it_refuses_what_the_binder_refuses(tmp_path, text):
    assert faults(text)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError):
        load_bound(path, CHECKS)


def test_it_tells_what_each_key_means():
    rule = SCHEMA["definitions"]["rule"]["properties"]
    assert "blurry" in rule["check"]["enum"]
    assert rule["on_fail"]["description"]
    params = SCHEMA["definitions"]["params of blurry"]["properties"]["min_sharpness"]
    assert (params["type"], params["default"]) == ("number", 0.35)
    assert "sharpness" in params["description"]
    assert "amazon" in SCHEMA["properties"]["extends"]["examples"]
