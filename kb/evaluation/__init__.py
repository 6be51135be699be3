"""Data sets, measures, runs, comparison of runs, gates and reports."""
