"""Collections of saved passages, and the judgements of people."""

from kb.collection.records import Collection, Judgement, Saved
from kb.collection.requoting import Finding, find_again
from kb.collection.store import Collections
from kb.collection.verifying import library_path, stated_now, verify_collections

__all__ = [
    "Collection",
    "Collections",
    "Finding",
    "Judgement",
    "Saved",
    "find_again",
    "library_path",
    "stated_now",
    "verify_collections",
]
