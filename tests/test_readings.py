"""Readings of foreign parsers: kept from adding to building, and never a moment longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docx import Document as WordDocument

from kb import readings
from kb.corpus import add
from kb.library import Library, build_from_corpus
from kb.settings import Settings


def word_file(file: Path, text: str) -> Path:
    """A Word document of one paragraph."""
    written = WordDocument()
    written.add_paragraph(text)
    written.save(str(file))
    return file


def kept(settings: Settings) -> list[Path]:
    """Files of kept readings."""
    return list((settings.index / "cache" / "readings").glob("*"))


def test_a_file_that_was_added_is_not_parsed_again_to_build(
    settings: Settings, tmp_path: Path
) -> None:
    """The build takes what was kept, here marked; then the generation holds the text."""
    add([word_file(tmp_path / "ropes.docx", "Ropes are counted at dawn.")], settings)
    (place,) = kept(settings)
    reading = readings.read(settings.corpus / "ropes.docx", settings)
    readings._keep(replace(reading, text=reading.text.replace("dawn", "dusk")), place)
    build_from_corpus(settings)
    assert kept(settings) == []
    library = Library.open(settings)
    assert library.passages()[0].text == "Ropes are counted at dusk."
    library.close()


def test_a_kept_reading_is_the_parsers_own(settings: Settings, tmp_path: Path) -> None:
    """Text, blocks, metadata and problems come back equal."""
    file = word_file(tmp_path / "ropes.docx", "Ropes – “old” ones – are counted 🚢.")
    first, second = readings.read(file, settings), readings.read(file, settings)
    assert first == second and first.text.startswith("Ropes – “old”")


def test_another_content_name_or_setting_asks_for_another_parsing(
    settings: Settings, tmp_path: Path
) -> None:
    """Everything that a reading depends on stands in its name."""
    file = word_file(tmp_path / "ropes.docx", "Ropes are counted at dawn.")
    readings.read(file, settings)
    word_file(file, "Ropes are counted at dusk.")
    assert readings.read(file, settings).text == "Ropes are counted at dusk."
    assert len(kept(settings)) == 2
    renamed = file.rename(tmp_path / "lines.docx")
    readings.read(renamed, settings)
    readings.read(renamed, settings)
    assert len(kept(settings)) == 3
    readings.read(renamed, settings.model_copy(update={"ocr": True}))
    assert len(kept(settings)) == 4


def test_a_damaged_reading_is_parsed_anew(settings: Settings, tmp_path: Path) -> None:
    """One flipped byte must not reach the index."""
    file = word_file(tmp_path / "ropes.docx", "Ropes are counted at dawn.")
    expected = readings.read(file, settings)
    (place,) = kept(settings)
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    place.write_bytes(content)
    assert readings.read(file, settings) == expected
