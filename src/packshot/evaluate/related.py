"""The columns that say how a picture agrees with the words of its listing."""

from __future__ import annotations

from packshot.core.measurement import Kind, Output

RELATED: dict[str, Output] = {
    output.name: output
    for output in (
        Output(
            "title_agreement",
            Kind.FLOAT,
            "Picture, colours and read words against title and category, 0 to 1: below 0.5 against; null: no title.",
        ),
        Output(
            "colour_agreement",
            Kind.FLOAT,
            "The product's colours against the stated one, 0 to 1: 1 where none fits better; null: none is stated.",
        ),
        Output(
            "words_agreement",
            Kind.FLOAT,
            "How much of title and brand was read on the picture, 0 to 1; null: no words were read, or there are none.",
        ),
    )
}
"""By name. They are known of a picture on a listing, and not of a picture alone."""
