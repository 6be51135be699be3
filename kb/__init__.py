"""leadership-kb: questions about leadership, answered with sentences that stand in a source."""

import os

# Our matrices are small: a second BLAS thread waits longer than it computes, and takes its
# core from the model. eval/benchmarks/results/large_library.json
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
