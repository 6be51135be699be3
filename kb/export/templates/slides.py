"""The shipped PowerPoint template: wide slides, one layout for each kind of slide."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

FONT = "Calibri"
INK, BLUE, GREY, PALE = "1B2A41", "1F5FA8", "5A6675", "EAF1FA"
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.75  # inches
# What the layouts of python-pptx's own template become; the others are dropped.
LAYOUTS = {
    "Title Slide": "Opening",
    "Content with Caption": "Passage",
    "Title Only": "Table",
    "Title and Content": "References",
}
_COLOURS = {
    "dk2": INK, "lt2": PALE, "accent1": BLUE, "accent2": "1E6B3A", "accent3": "8A5A00",
    "accent4": GREY, "accent5": "4A8AD4", "accent6": "7A4FA0", "hlink": BLUE, "folHlink": GREY,
}  # fmt: skip


def slide_template() -> Any:
    """A presentation without slides, 16:9, with the layouts that the export uses."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = presentation.slide_masters[0]
    for layout in list(master.slide_layouts):
        if layout.name in LAYOUTS:
            layout.name = LAYOUTS[layout.name]
        else:
            master.slide_layouts.remove(layout)
    _theme(master)
    _place_master(master)
    by_name = {layout.name: layout for layout in master.slide_layouts}
    _opening(by_name["Opening"])
    _passage(by_name["Passage"])
    wide = WIDTH - 2 * MARGIN
    _put(by_name["Table"].placeholders[0], MARGIN, 0.4, wide, 0.8)
    _put(by_name["References"].placeholders[0], MARGIN, 0.4, wide, 0.8)
    body = next(shape for shape in by_name["References"].placeholders if _idx(shape) == 1)
    _put(body, MARGIN, 1.5, wide, 5.2)
    _style(body, size=16, bullet=False)
    presentation.core_properties.title = "Leadership library"
    presentation.core_properties.author = ""
    return presentation


def _theme(master: Any) -> None:
    part = next(
        relation.target_part
        for relation in master.part.rels.values()
        if relation.reltype.endswith("/theme")
    )
    text = part.blob.decode("utf-8")
    for name, colour in _COLOURS.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>',
            text,
            flags=re.DOTALL,
        )
    text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    part._blob = text.encode("utf-8")


def _place_master(master: Any) -> None:
    wide = WIDTH - 2 * MARGIN
    places = {
        "title": (MARGIN, 0.4, wide, 0.8),
        "body": (MARGIN, 1.5, wide, 5.2),
        "dt": (MARGIN, 6.95, 2.0, 0.35),
        "ftr": (MARGIN, 6.95, wide - 1.5, 0.35),
        "sldNum": (WIDTH - MARGIN - 1.2, 6.95, 1.2, 0.35),
    }
    for shape in master.placeholders:
        kind = shape.element.ph.get("type", "obj")
        if kind in places:
            _put(shape, *places[kind])
    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    run = title.find(qn("a:defRPr"))
    run.set("sz", "2400")
    run.set("b", "1")
    _fill(run, "tx2")
    for shape in (
        *master.placeholders,
        *(s for each in master.slide_layouts for s in each.placeholders),
    ):
        if shape.element.ph.get("type") in ("dt", "ftr", "sldNum"):
            if shape.part is not master.part:
                _put(shape, *places[shape.element.ph.get("type")])
            _style(shape, size=11, colour=GREY)


def _opening(layout: Any) -> None:
    bar = layout.shapes._spTree
    shape = _rectangle(layout, 0, 0, 0.35, HEIGHT)
    bar.insert(2, shape)
    title = next(each for each in layout.placeholders if _idx(each) == 0)
    below = next(each for each in layout.placeholders if _idx(each) == 1)
    _put(title, 1.1, 1.7, WIDTH - 2.2, 2.3)
    _put(below, 1.1, 4.15, WIDTH - 2.2, 1.4)
    _style(title, size=40, anchor="b")
    _style(below, size=20, colour=GREY, bullet=False)


def _passage(layout: Any) -> None:
    tree = layout.shapes._spTree
    tree.insert(2, _rectangle(layout, MARGIN, 1.45, 0.06, 4.25))
    wide = WIDTH - 2 * MARGIN
    for shape in layout.placeholders:
        if _idx(shape) == 0:
            _put(shape, MARGIN, 0.4, wide, 0.8)
            _style(shape, size=24, anchor="ctr")
        elif _idx(shape) == 1:
            shape.name = "Quote"
            _put(shape, MARGIN + 0.3, 1.45, wide - 0.3, 4.25)
            _style(shape, size=28, anchor="ctr", bullet=False)
        elif _idx(shape) == 2:
            shape.name = "Reference"
            _put(shape, MARGIN, 5.95, wide, 0.85)
            _style(shape, size=14, colour=GREY, anchor="t", bullet=False)


def _rectangle(layout: Any, left: float, top: float, width: float, height: float) -> Any:
    """A blue bar for a layout, which python-pptx draws on slides only."""
    scratch = Presentation()
    slide = scratch.slides.add_slide(scratch.slide_layouts[6])
    shape = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, Inches(left), Inches(top), Inches(width), Inches(height)
    )
    shape.name = "Bar"
    shape.line.fill.background()
    shape.shadow.inherit = False
    element = shape._element
    element.nvSpPr.cNvPr.set("id", str(100 + len(layout.shapes)))
    for style in element.findall(qn("p:style")):
        element.remove(style)
    fill = etree.SubElement(element.spPr, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:schemeClr")).set("val", "accent1")
    element.spPr.find(qn("a:prstGeom")).addnext(fill)
    return element


def _idx(shape: Any) -> int:
    return int(shape.placeholder_format.idx)


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _style(
    shape: Any, *, size: int, colour: str = "", anchor: str = "", bullet: bool = True
) -> None:
    """Text properties of the first level, which the slides of a layout inherit."""
    body = shape.text_frame._txBody
    properties = body.find(qn("a:bodyPr"))
    for child in list(properties):
        properties.remove(child)
    if anchor:
        properties.set("anchor", anchor)
    levels = body.find(qn("a:lstStyle"))
    for old in list(levels):
        levels.remove(old)
    level = etree.SubElement(levels, qn("a:lvl1pPr"))
    level.set("algn", "r" if shape.element.ph.get("type") == "sldNum" else "l")
    if not bullet:
        level.set("marL", "0")
        level.set("indent", "0")
        etree.SubElement(level, qn("a:buNone"))
    run = etree.SubElement(level, qn("a:defRPr"))
    run.set("sz", str(int(Pt(size).pt * 100)))
    if colour:
        fill = etree.SubElement(run, qn("a:solidFill"))
        etree.SubElement(fill, qn("a:srgbClr")).set("val", colour)


def _fill(run: Any, scheme: str) -> None:
    for old in run.findall(qn("a:solidFill")):
        run.remove(old)
    fill = etree.Element(qn("a:solidFill"))
    etree.SubElement(fill, qn("a:schemeClr")).set("val", scheme)
    run.insert(0, fill)
