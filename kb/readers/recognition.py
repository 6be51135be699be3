"""A picture of a page → its text and lines, by rapidocr, where that is installed.

Its models come with the package and run on OpenVINO, so nothing is fetched.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from functools import cache
from typing import Any

from kb.readers.page_lines import Line

DOTS_PER_INCH = 200
# Boxes round recognised lines of one size differ by this share; unmeasured beyond the tests.
SIZE_SPREAD = 0.35
# Boxes are so many times as high as the size of the letters: 13.8 points for 10 in the tests.
BOX_SIZES = 1.38
# Boxes so many times as wide as high are lines whose slope tells how the page was laid down.
LINE_SHAPE = 8.0
# Words of a page that stands on its head are guessed with less certainty than this: upright
# pages have .97 to .99, also noisy ones.
CERTAIN = 0.85
INSTALL = "pip install rapidocr"


def is_installed() -> bool:
    """Whether characters can be recognised here."""
    return _recogniser() is not None


def recognised(page: Any, number: int) -> tuple[str, list[Line]]:
    """Text and lines of a picture of a page; nothing where rapidocr is not installed.

    Args:
        page: The page as pypdfium2 gives it.
        number: Of the page, from 0.
    """
    recogniser = _recogniser()
    if recogniser is None:
        return "", []
    scale = DOTS_PER_INCH / 72
    found, height = _upright(recogniser, page.render(scale=scale).to_numpy())
    if found.boxes is None:
        return "", []
    boxes = _straightened([[(float(x), float(y)) for x, y in box] for box in found.boxes])
    lines: list[Line] = []
    at = 0
    for box, words in zip(boxes, found.txts or (), strict=False):
        left, right = (box[0][0] + box[3][0]) / 2, (box[1][0] + box[2][0]) / 2
        foot = max(box[2][1], box[3][1])
        size = (math.dist(box[0], box[3]) + math.dist(box[1], box[2])) / 2 / BOX_SIZES
        lines.append(Line(number, at, words, left / scale, right / scale, (height - foot) / scale,
                          size / scale, bold=False))  # fmt: skip
        at += len(words) + 1
    _even_out(lines)
    return "\n".join(line.text for line in lines), lines


def _upright(recogniser: Any, image: Any) -> tuple[Any, int]:
    """What is recognised with the page the right way up, and the height of that picture."""
    import numpy as np

    found = recogniser(image)
    if found.boxes is None:
        return found, image.shape[0]
    lies = sum(bool(np.ptp(box[:, 1]) > np.ptp(box[:, 0])) for box in found.boxes)
    quarters: tuple[int, ...] = ()
    if lies > len(found.boxes) / 2:
        quarters = (1, 3)
    elif _certainty(found) < CERTAIN:
        quarters = (2,)
    # Lines that stand upright are read too, one by one, but in no order.
    tries = [] if 1 in quarters else [(found, image.shape[0])]
    for turn in quarters:
        turned = np.ascontiguousarray(np.rot90(image, turn))
        tries.append((recogniser(turned), turned.shape[0]))
    return max(tries, key=lambda made: _certainty(made[0]))


def _certainty(found: Any) -> float:
    return statistics.mean(found.scores) if found.scores else 0.0


Corners = list[tuple[float, float]]


def _straightened(boxes: list[Corners]) -> list[Corners]:
    """The corners on a page that lies straight; its usual slope is that of its long lines."""
    slopes = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for left, right, _, foot in boxes
        if math.dist(left, right) > LINE_SHAPE * math.dist(left, foot)
    ]
    slope = statistics.median(slopes) if slopes else 0.0
    cosine, sine = math.cos(slope), math.sin(slope)
    return [[(x * cosine + y * sine, y * cosine - x * sine) for x, y in box] for box in boxes]


def _even_out(lines: Sequence[Line]) -> None:
    """Gives lines of about the usual height that height: it varies with the letters in them."""
    usual = statistics.median(line.size for line in lines) if lines else 0.0
    for line in lines:
        if abs(line.size - usual) < SIZE_SPREAD * usual:
            line.size = usual


@cache
def _recogniser() -> Any:
    """The character recogniser with its models, or None where it is not installed."""
    try:
        from rapidocr import EngineType, RapidOCR
    except ImportError:
        return None
    return RapidOCR(
        params={
            "Global.log_level": "error",
            # It turned one line in ten of upright pages upside down; `_upright` turns pages.
            "Global.use_cls": False,
            # 7.5 s a page on two cores; onnxruntime, a further package, took 14.5 s.
            "Det.engine_type": EngineType.OPENVINO,
            "Rec.engine_type": EngineType.OPENVINO,
        }
    )
