import pickle
from pathlib import Path

import pytest

from packshot.core import errors
from packshot.core.trouble import TroubleKind

EXAMPLES = (
    errors.PackshotError("what", "do"),
    errors.UsageError("what", "do"),
    errors.UnknownName("check", "blury", ["blurry", "too_dark"]),
    errors.PolicyError("mine", ["one", "two"]),
    errors.SourceError("what", "do"),
    errors.SettingsError("packshot.toml", ["one", "two"]),
    errors.WorkspaceError("what", "do"),
    errors.LostLease("commit"),
    errors.NoWorkspace("W"),
    errors.EngineError("what", "do"),
    errors.MissingExtra("Serving", "service"),
    errors.PluginError("what", "do"),
    errors.ModelError("what", "do"),
    errors.ModelMissing("u2netp", Path("model.onnx")),
    errors.ModelDamaged("u2netp", Path("model.onnx"), "1f", "2e"),
    errors.MediaError(TroubleKind.TRUNCATED, "cut short"),
)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_comes_whole_out_of_another_process(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert (again.message, again.hint, vars(again)) == (error.message, error.hint, vars(error))


def test_there_is_an_example_of_every_error():
    kinds = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PackshotError)
    }
    assert {type(error) for error in EXAMPLES} == kinds


def test_an_unknown_name_comes_with_the_nearest():
    assert errors.UnknownName("check", "blury", ["blurry", "too_dark"]).hint == "Did you mean blurry?"
    assert errors.UnknownName("check", "zzz", ["b", "a"]).hint == "There are: a, b."
    assert errors.UnknownName("check", "zzz", []).hint == ""


def test_a_policy_error_lists_every_mistake():
    text = str(errors.PolicyError("mine", ["one", "two"]))
    assert "  - one\n  - two" in text
    assert "2 mistakes" in text
