from packshot.present.report_evidence import Mark
from packshot.present.report_site import STATUSES, VERDICTS, Picture
from packshot.present.report_tags import listing_link, pic, status_tag, verdict_tag

HOSTILE = "<script>'\"&"


def test_hostile_words_are_escaped_everywhere():
    made = [
        pic(Picture("images/a.jpg", 3, 4), "../", HOSTILE, [Mark(HOSTILE, 0, 0, 1, 1)]),
        status_tag("fail", {"fail": HOSTILE}),
        verdict_tag("show", {"show": HOSTILE}),
        listing_link("a.html#b", "", HOSTILE, "id"),
        listing_link(None, "", None, HOSTILE),
    ]
    for html in made:
        assert "<script" not in html
        assert "&lt;script&gt;&#39;&#34;&amp;" in html


def test_what_is_not_known_is_told_or_left_out():
    assert "No picture" in pic(None, "", "alt")
    assert verdict_tag("unheard", VERDICTS) == verdict_tag(None, VERDICTS) == ""
    assert 'class="tag s-warn"' in status_tag("unheard", STATUSES)
    assert listing_link("a.html", "../", " ", "SKU 1") == '<a href="../a.html"><bdi>SKU 1</bdi></a>'
