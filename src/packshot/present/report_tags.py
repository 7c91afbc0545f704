"""The small pieces of HTML that a report repeats thousands of times; as templates they cost twice as much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from packshot.present.report_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from packshot.present.report_evidence import Mark
    from packshot.present.report_site import Picture

_NO_PICTURE = Markup('<span class="pic">\n<span class="nopic">No picture</span>\n</span>\n')


def pic(picture: Picture | None, root: str, alt: str, marks: Iterable[Mark] = ()) -> Markup:
    """A thumbnail with what is drawn over it, or a tile that says that there is none; `root` leads to the top."""
    if picture is None:
        return _NO_PICTURE
    width, height = picture.width, picture.height
    drawn = "".join(_mark(mark, width, height) for mark in marks)
    if drawn:
        drawn = f'<svg class="marks" viewBox="0 0 {width} {height}" aria-hidden="true">\n{drawn}</svg>\n'
    # The sources are escaped, all else are numbers.
    return Markup(  # noqa: S704
        f'<span class="pic">\n<img src="{escape(root)}{escape(picture.src)}" width="{width}" height="{height}" '
        f'alt="{escape(visible(alt, 160))}" loading="lazy" decoding="async">\n{drawn}</span>\n'
    )


def _mark(mark: Mark, width: int, height: int) -> str:
    if mark.kind == "border":
        outer, inner = f"M0 0H{width}V{height}H0Z", f"M{mark.x} {mark.y}v{mark.h}h{mark.w}v-{mark.h}Z"
        return f'<path class="m-border" fill-rule="evenodd" d="{outer} {inner}"/>\n'
    if mark.kind == "outline":
        return f'<path class="m-halo" d="{escape(mark.path)}"/>\n<path class="m-outline" d="{escape(mark.path)}"/>\n'
    place = f'x="{mark.x}" y="{mark.y}" width="{mark.w}" height="{mark.h}"/>\n'
    halo = "" if mark.kind == "edge" else f'<rect class="m-halo" {place}'
    return f'{halo}<rect class="m-{escape(mark.kind)}" {place}'


def verdict_tag(word: str | None, words: Mapping[str, str]) -> Markup:
    """A verdict as a tag, what it means as its title; nothing for what is no verdict. `words` explains each."""
    if word is None or word not in words:
        return Markup()
    known = escape(word)
    return Markup(  # noqa: S704 - both are escaped
        f'<span class="tag v-{known}" title="{escape(words[word])}"><i aria-hidden="true"></i>{known}</span>'
    )


def status_tag(word: str, words: Mapping[str, str]) -> Markup:
    """The status of a finding as a tag; `words` says what each status is called."""
    kind = escape(word if word in words else "warn")
    return Markup(  # noqa: S704 - both are escaped
        f'<span class="tag s-{kind}"><i aria-hidden="true"></i>{escape(words.get(word, word))}</span>\n'
    )


def listing_link(link: str | None, root: str, title: str | None, listing_id: str | None, limit: int = 90) -> Markup:
    """A listing's title, or its id where it has none, linked to its gallery where that is shown."""
    words = escape(visible(title, limit).strip() or visible(listing_id, limit).strip() or "no name")
    if not link:
        return Markup(f"<bdi>{words}</bdi>")  # noqa: S704 - escaped
    return Markup(f'<a href="{escape(root)}{escape(link)}"><bdi>{words}</bdi></a>')  # noqa: S704 - escaped
