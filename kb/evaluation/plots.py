"""Plots as inline SVG, drawn with plain code so that a report needs nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from kb.evaluation.abstention import Bin

WIDTH, HEIGHT = 420, 280
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 24, 44
Points = Sequence[tuple[float, float]]


def line_plot(
    points: Points,
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_range: tuple[float, float] = (0.0, 1.0),
    y_range: tuple[float, float] = (0.0, 1.0),
    steps: Sequence[str] = (),
) -> Markup:
    """A line through the points, in order.

    Args:
        points: In the ranges given.
        title: Read out in place of the picture.
        x_label: Under the axis.
        y_label: Beside the axis.
        x_range: Ends of the axis.
        y_range: Ends of the axis.
        steps: Names of the points; with them, each point is marked, named and labelled.
    """
    placed = [(_x(x, x_range), _y(y, y_range)) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    body = Markup('<polyline class="line" points="{}"/>').format(path)
    if steps:
        for (x, y), (_, value), name in zip(placed, points, steps, strict=True):
            body += _text(x, HEIGHT - BOTTOM + 16, name, "middle")
            body += Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y)
            body += _text(x, y - 8, f"{value:.2f}", "middle")
    return _frame(body, title, x_label, y_label, x_range, y_range, ticks=not steps)


def reliability_plot(bins: Sequence[Bin], *, title: str) -> Markup:
    """Accuracy of each bin of confidence as a bar with its count, and the ideal diagonal."""
    unit = (0.0, 1.0)
    body = Markup("")
    for one in bins:
        if one.count:
            x, y = _x(one.low, unit), _y(one.accuracy, unit)
            width = _x(one.high, unit) - x
            body += Markup(
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
            ).format(x + 1, y, width - 2, HEIGHT - BOTTOM - y)
            body += _text(x + width / 2, y - 4, str(one.count), "middle")
    body += Markup('<line class="ideal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, TOP
    )
    return _frame(body, title, "confidence", "accuracy (number of answers above)", unit, unit)


def histogram(values: Sequence[float], *, title: str, x_label: str, bins: int = 24) -> Markup:
    """Counts of the values in bins of equal width from 0 to their 99th percentile.

    The last bin takes the values above.
    """
    ordered = sorted(values)
    top = max(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1e-9)
    counts = [0] * bins
    for value in ordered:
        counts[min(int(value / top * bins), bins - 1)] += 1
    x_range, y_range = (0.0, top), (0.0, float(max(counts)))
    body = Markup("")
    for index, count in enumerate(counts):
        x, y = _x(index * top / bins, x_range), _y(count, y_range)
        width = (WIDTH - LEFT - RIGHT) / bins
        body += Markup(
            '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        ).format(x, y, width - 1, HEIGHT - BOTTOM - y)
    return _frame(body, title, x_label, "questions", x_range, y_range)


def _x(value: float, limits: tuple[float, float]) -> float:
    return LEFT + (value - limits[0]) / (limits[1] - limits[0]) * (WIDTH - LEFT - RIGHT)


def _y(value: float, limits: tuple[float, float]) -> float:
    share = (value - limits[0]) / (limits[1] - limits[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, words
    )


def _tick(value: float, limits: tuple[float, float]) -> str:
    return f"{value:.2g}" if limits[1] <= 1 else f"{value:.0f}"


def _frame(
    body: Markup,
    title: str,
    x_label: str,
    y_label: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    ticks: bool = True,
) -> Markup:
    axes = Markup("")
    for step in range(5):
        x_value = x_range[0] + step / 4 * (x_range[1] - x_range[0])
        y_value = y_range[0] + step / 4 * (y_range[1] - y_range[0])
        x, y = _x(x_value, x_range), _y(y_value, y_range)
        axes += Markup('<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(
            LEFT, y, WIDTH - RIGHT, y
        )
        axes += _text(LEFT - 6, y + 4, _tick(y_value, y_range), "end")
        if ticks:
            axes += _text(x, HEIGHT - BOTTOM + 16, _tick(x_value, x_range), "middle")
    axes += _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_label, "middle")
    axes += Markup(
        '<text transform="translate(12 {}) rotate(-90)" text-anchor="middle">{}</text>'
    ).format((TOP + HEIGHT - BOTTOM) // 2, y_label)
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}{}</svg>'
    ).format(WIDTH, HEIGHT, escape(title), title, axes, body)
