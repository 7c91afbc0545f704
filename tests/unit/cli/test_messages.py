import pytest
from click.testing import CliRunner

from packshot import cli
from packshot.core.errors import UsageError


def test_what_a_feed_calls_things_never_steers_the_terminal(monkeypatch, capsys):
    def fails(**_):
        raise UsageError("There is no \x1b[2Jevil\n  second line", "Did you mean \x9b0;x\x07?")

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.USAGE_ERROR
    shown = capsys.readouterr().err
    assert shown == "packshot: There is no \ufffd[2Jevil\n  second line\n  Did you mean \ufffd0;x\ufffd?\n"


@pytest.mark.parametrize("words", [["export", "google"], ["report"], ["table", "verdicts"], ["label", "questions"]])
def test_a_url_is_no_place_to_write_to(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.app, [*words, "-w", "w", "-o", "https://u:secret@shop/out?X-Amz-Signature=abc"])
    assert isinstance(done.exception, UsageError)
    assert "is a URL" in done.exception.message
    assert "secret" not in str(done.exception)
    assert "abc" not in str(done.exception)
    assert list(tmp_path.iterdir()) == []
