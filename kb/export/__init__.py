"""Answers, searches, comparisons and collections, written for taking away."""
