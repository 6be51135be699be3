"""Bibliographic records to references, citations in the text, BibTeX, RIS and CSL-JSON."""

from kb.references.formats import write_bibtex, write_csl_json, write_ris
from kb.references.marks import Run, plain
from kb.references.records import csl_record, parse_name
from kb.references.works import (
    STYLES,
    Work,
    bibliography,
    in_text,
    in_text_runs,
    reference,
    reference_runs,
    works,
)

__all__ = [
    "STYLES",
    "Run",
    "Work",
    "bibliography",
    "csl_record",
    "in_text",
    "in_text_runs",
    "parse_name",
    "plain",
    "reference",
    "reference_runs",
    "works",
    "write_bibtex",
    "write_csl_json",
    "write_ris",
]
