"""The palette, by arithmetic: WCAG 2.2 contrast of every pair that carries text, in both schemes."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static/src/_tokens.scss").read_text()

TEXT_ON = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("quiet", "paper"),
    ("quiet", "wash"),
    ("accent", "paper"),
    ("accent", "wash"),
    ("accent-strong", "paper"),
    ("accent-strong", "accent-wash"),
    ("ink", "accent-wash"),
    ("visited", "paper"),
    ("visited", "wash"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-focus", "focus"),
    ("good", "paper"),
    ("good", "good-wash"),
    ("wait", "wait-wash"),
    ("bad", "paper"),
    ("bad", "bad-wash"),
    ("on-bad", "bad"),
    ("on-bad", "bad-strong"),
    ("ink", "good-wash"),
    ("ink", "wait-wash"),
    ("ink", "bad-wash"),
]
SHAPES_ON = [("edge", "paper"), ("edge", "wash"), ("action", "paper"), ("accent", "line")]  # borders and pictures


def palette(scheme):
    body = re.search(rf"@mixin {scheme} {{(.*?)\n}}", TOKENS, re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_ON)
def test_text_can_be_read_in_both_schemes(scheme, front, back):
    colours = palette(scheme)

    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES_ON)
def test_edges_and_pictures_can_be_seen_in_both_schemes(scheme, front, back):
    colours = palette(scheme)

    assert contrast(colours[front], colours[back]) >= 3


def test_both_schemes_name_the_same_colours():
    assert palette("light").keys() == palette("dark").keys()
