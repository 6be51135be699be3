"""Real Word footnotes, which python-docx does not write."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from kb.references import Run

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_EMPTY = f"""<w:footnotes {nsdecls("w", "r")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240"
 w:lineRule="auto"/></w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0"
 w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""


class Footnotes:
    """The footnotes of one document; `close` writes them into its package.

    A template may have footnotes of its own; new ones are numbered after them.

    Args:
        document: Of python-docx.
        text_style: Identifier of the paragraph style of a footnote.
        mark_style: Identifier of the character style of its mark.
    """

    def __init__(self, document: Any, *, text_style: str, mark_style: str) -> None:
        self._text_style, self._mark_style = text_style, mark_style
        self._part = _part_of(document)
        self._root = parse_xml(self._part.blob)
        numbers = [int(note.get(qn("w:id"))) for note in self._root.findall(qn("w:footnote"))]
        self._last = max(numbers, default=0)
        _declare(document.settings.element)

    def add(self, paragraph: Any, runs: tuple[Run, ...]) -> None:
        """Puts a footnote's mark at the end of a paragraph and its text at the foot."""
        self._last += 1
        paragraph._p.append(self._mark(f'<w:footnoteReference w:id="{self._last}"/>'))
        note = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{self._last}"><w:p><w:pPr>'
            f'<w:pStyle w:val="{self._text_style}"/></w:pPr></w:p></w:footnote>'
        )
        line = note[0]
        line.append(self._mark("<w:footnoteRef/>"))
        for text, is_italic in ((" ", False), *runs):
            run = etree.SubElement(line, qn("w:r"))
            if is_italic:
                etree.SubElement(etree.SubElement(run, qn("w:rPr")), qn("w:i"))
            words = etree.SubElement(run, qn("w:t"))
            words.text = text
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        self._root.append(note)

    def close(self) -> None:
        """Writes the footnotes into the document's package."""
        self._part._blob = etree.tostring(
            self._root, xml_declaration=True, encoding="UTF-8", standalone=True
        )

    def _mark(self, inner: str) -> Any:
        return parse_xml(
            f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="{self._mark_style}"/></w:rPr>'
            f"{inner}</w:r>"
        )


def _part_of(document: Any) -> Part:
    main = document.part
    for relation in main.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            part: Part = relation.target_part
            return part
    made = Part(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, _EMPTY.encode(), main.package)
    main.relate_to(made, RELATIONSHIP_TYPE.FOOTNOTES)
    return made


def _declare(settings: Any) -> None:
    """Names the two separators in the settings, at the place that the schema asks for."""
    if settings.find(qn("w:footnotePr")) is not None:
        return
    declared = parse_xml(
        f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    )
    later = [settings.find(qn(f"w:{name}")) for name in ("endnotePr", "compat", "rsids")]
    first = next((element for element in later if element is not None), None)
    if first is not None:
        first.addprevious(declared)
