from packshot.pipeline import at_hand


def test_whoever_listens_hears_every_row(monkeypatch):
    monkeypatch.setattr(at_hand, "_listener", at_hand._nobody)
    at_hand.announce(1)
    heard = []
    at_hand.listen(heard.append)
    at_hand.announce(2)
    at_hand.announce(at_hand.NO_ROW)
    assert heard == [2, at_hand.NO_ROW]
