"""The shipped Word template: page, styles, header and footer."""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Calibri"
INK = "1B2A41"  # body headings
BLUE = "1F5FA8"  # the page's primary colour, which passes the contrast check
GREY = "5A6675"
PALE = "EAF1FA"


_COMPARISON = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Comparison">
<w:name w:val="Comparison"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>
<w:tblPr><w:tblInd w:w="100" w:type="dxa"/><w:tblBorders>
<w:top w:val="single" w:sz="8" w:color="{BLUE}"/>
<w:bottom w:val="single" w:sz="8" w:color="{BLUE}"/>
<w:insideH w:val="single" w:sz="4" w:color="C9D3DF"/>
<w:insideV w:val="single" w:sz="4" w:color="E3E8EE"/></w:tblBorders>
<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>
<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{BLUE}"/></w:tcPr></w:tblStylePr>
<w:tblStylePr w:type="firstCol">
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/></w:tcPr></w:tblStylePr></w:style>"""


def word_template() -> Any:
    """An empty document in A4 with every style that the export uses."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)
    _text_styles(document.styles)
    _quote_styles(document.styles)
    _table_style(document.styles)
    _running(section)
    document.core_properties.author = ""
    document.core_properties.title = "Leadership library"
    document.core_properties.comments = ""
    return document


def _text_styles(styles: Any) -> None:
    _set(styles["Normal"], size=11, after=6, line=1.15)
    _set(styles["Title"], size=24, bold=True, colour=INK, before=0, after=4, line=1.05)
    _bare(styles["Title"])
    _set(styles["Subtitle"], size=12, bold=False, colour=GREY, after=18, italic=False)
    for spacing in styles["Subtitle"].element.rPr.findall(qn("w:spacing")):
        styles["Subtitle"].element.rPr.remove(spacing)
    _set(styles["Heading 1"], size=16, bold=True, colour=BLUE, before=22, after=8, keep=True)
    _set(styles["Heading 2"], size=13, bold=True, colour=INK, before=16, after=4, keep=True)
    _set(styles["Header"], size=9, colour=GREY)
    _set(styles["Footer"], size=9, colour=GREY)
    label = _add(styles, "Place", "Normal")
    _set(label, size=9.5, colour=GREY, before=12, after=3, keep=True)
    note = _add(styles, "Note", "Normal")
    _set(note, size=10, before=2, after=6, line=1.1)
    note.paragraph_format.left_indent = note.paragraph_format.right_indent = Cm(0.6)
    note.element.get_or_add_pPr().append(OxmlElement("w:contextualSpacing"))
    _shade(note, PALE)
    tags = _add(styles, "Tags", "Normal")
    _set(tags, size=9, colour=GREY, after=6)
    tags.paragraph_format.left_indent = Cm(0.6)
    entry = _add(styles, "Bibliography", "Normal")
    _set(entry, after=6, line=1.15)
    entry.paragraph_format.left_indent = Cm(1.27)
    entry.paragraph_format.first_line_indent = Cm(-1.27)


def _quote_styles(styles: Any) -> None:
    inline = _add(styles, "Quotation", "Normal")
    _set(inline, after=6, line=1.2)
    item = _add(styles, "Quoted Item", "Quotation")
    _set(item, after=2)
    item.paragraph_format.left_indent = Cm(1.1)
    item.paragraph_format.first_line_indent = Cm(-0.5)
    item.paragraph_format.tab_stops.add_tab_stop(Cm(1.1))
    block = styles["Quote"]
    _set(block, size=11, colour=INK, italic=False, before=2, after=6, line=1.2)
    block.paragraph_format.left_indent = Cm(1.27)
    block.paragraph_format.right_indent = Cm(0.6)
    _bar(block)
    foot = _add(styles, "Footnote Text", "Normal")
    _set(foot, size=9, after=2, line=1.0)
    mark = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True


def _table_style(styles: Any) -> None:
    cell = _add(styles, "Table Cell", "Normal")
    _set(cell, size=9.5, before=1, after=2, line=1.05)
    head = _add(styles, "Table Head", "Table Cell")
    _set(head, size=10, bold=True, before=2, after=2)
    styles.element.append(parse_xml(_COMPARISON))


def _running(section: Any) -> None:
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(head, "TITLE", "Leadership library")
    for foot in (section.footer, section.first_page_footer):
        line = foot.paragraphs[0]
        line.style = "Footer"
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run("Page ")
        _field(line, "PAGE", "1")
        line.add_run(" of ")
        _field(line, "NUMPAGES", "1")


def _field(paragraph: Any, code: str, shown: str) -> None:
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>{shown}</w:t></w:r>'
            "</w:fldSimple>"
        )
    )


def _add(styles: Any, name: str, base: str) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles[base]
    style.quick_style = True
    return style


def _set(
    style: Any,
    *,
    size: float | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
    colour: str = "",
    before: float | None = None,
    after: float | None = None,
    line: float | None = None,
    keep: bool = False,
) -> None:
    font, layout = style.font, style.paragraph_format
    font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:cs"), FONT)
    if size is not None:
        font.size = Pt(size)
    if bold is not None:
        font.bold = bold
    if italic is not None:
        font.italic = italic
    if colour:
        font.color.rgb = RGBColor.from_string(colour)
    if before is not None:
        layout.space_before = Pt(before)
    if after is not None:
        layout.space_after = Pt(after)
    if line is not None:
        layout.line_spacing = line
    if keep:
        layout.keep_with_next = True


def _bare(style: Any) -> None:
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _bar(style: Any) -> None:
    style.element.get_or_add_pPr().insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="10" '
            f'w:color="{BLUE}"/></w:pBdr>'
        ),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc",
    )  # fmt: skip


def _shade(style: Any, colour: str) -> None:
    style.element.get_or_add_pPr().insert_element_before(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'),
        "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc",
    )  # fmt: skip
