from packshot.core.plural import plural


def test_one_has_no_s():
    assert [plural(n, "picture") for n in (0, 1, 2, 1200)] == [
        "0 pictures",
        "1 picture",
        "2 pictures",
        "1,200 pictures",
    ]
    assert plural(2, "entry", "entries") == "2 entries"
