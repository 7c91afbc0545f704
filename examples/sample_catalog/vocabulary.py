"""The words of the truth file: what can be wrong with a picture of the sample catalogue."""

FAULTS = {
    "off_white": "The background is grey, cream or unevenly lit instead of pure white.",
    "cluttered": "The background is a room with other things in it.",
    "soft": "The picture is out of focus.",
    "dark": "Much too little light fell on it.",
    "overexposed": "Too much light fell on it: light parts of the product are washed out.",
    "enlarged": "It was made larger from a small picture: many pixels, no detail.",
    "cut_off": "An edge of the picture cuts the product (the edges are in `cut_edges`).",
    "too_small": "The product fills less than 55 % of the frame.",
    "bordered": "A coloured frame was laid over the edges.",
    "lettered": "Words of advertising are laid over the picture.",
    "other_colour": "The product in another colour than the one that the listing sells.",
    "compressed": "JPEG compression so strong that its blocks show.",
    "few_pixels": "Its longer side has less than 400 pixels.",
    "grayscale": "The colours are gone.",
    "blank": "One plain colour, nothing else.",
    "placeholder": "A tile that says that there is no picture.",
    "repeated": "The same picture is already in this gallery, at an earlier position.",
    "duplicated": "The same picture belongs to a listing further up in the feed.",
    "wrong_extension": "The file's name says JPEG, its content is of another format. The picture itself is good.",
    "truncated": "The file ends too early.",
    "not_an_image": "The file is a web page.",
    "empty": "The file has 0 bytes.",
    "missing": "The feed names a file that is not there.",
}
"""Fault → what it means."""

NO_PICTURE = frozenset({"truncated", "not_an_image", "empty", "missing"})
"""Faults of files that cannot be read: they are troubles, not findings."""

MAY_ALSO = {
    "off_white": (),
    "cluttered": ("off_white", "cut_off", "too_small", "soft"),
    "soft": ("enlarged",),
    "dark": ("off_white",),
    "overexposed": ("soft", "too_small"),
    "enlarged": ("soft", "compressed"),
    "cut_off": (),
    "too_small": (),
    "bordered": ("off_white", "cluttered", "cut_off"),
    "compressed": ("off_white", "soft", "enlarged", "cut_off"),
    "few_pixels": ("soft",),
    "lettered": ("off_white", "bordered", "too_small", "cut_off", "cluttered"),
    "blank": ("soft", "grayscale", "too_small", "placeholder"),
    "placeholder": ("soft", "grayscale", "too_small", "off_white", "blank", "duplicated"),
}
"""Fault → faults that may rightly be found on the same picture: the planted one looks like them or brings them."""
