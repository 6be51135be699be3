"""Bibliographic records to references, citations in the text, BibTeX, RIS and CSL-JSON."""

from kb.references.formats import write_bibtex, write_csl_json, write_ris
from kb.references.marks import Run, plain
from kb.references.mentions import named_works
from kb.references.records import Record, csl_record, parse_name
from kb.references.works import (
    STYLES,
    Work,
    bibliography,
    bibliography_runs,
    in_text,
    in_text_runs,
    listed_runs,
    reference,
    reference_runs,
    same_work,
    works,
)

__all__ = [
    "STYLES",
    "Record",
    "Run",
    "Work",
    "bibliography",
    "bibliography_runs",
    "csl_record",
    "in_text",
    "in_text_runs",
    "listed_runs",
    "named_works",
    "parse_name",
    "plain",
    "reference",
    "reference_runs",
    "same_work",
    "works",
    "write_bibtex",
    "write_csl_json",
    "write_ris",
]
