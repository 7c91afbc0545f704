import re

from packshot.cli.show import printed_table

LONG = "https://shop.example/" + "a-very-long-folder/" * 20 + "mug.jpg"


def test_where_nobody_looks_a_row_is_one_whole_line(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    printed_table(
        "Pictures", ("picture", "verdict", "why"), [(LONG, "block", "words " * 60), ("short.jpg", "show", "")]
    )
    title, head, first, second = capsys.readouterr().out.splitlines()
    assert title == "Pictures"
    assert head.split() == ["picture", "verdict", "why"]
    assert first == f"{LONG}  block    {'words ' * 60}".rstrip()
    assert second.split() == ["short.jpg", "show"]
    assert not any(line.endswith(" ") for line in (head, first, second))


def test_on_a_terminal_it_fits_the_width(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    printed_table("", ("picture", "verdict"), [(LONG, "block")])
    lines = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()
    assert len(lines) > len(LONG) / 40
    assert max(map(len, lines)) <= 40
