"""leadership-kb: questions about leadership, answered with sentences that stand in a source."""

import os

# Our matrices are small: a second BLAS thread waits longer than it computes, and takes its
# core from the model: a textbook was built in 1.46 times the time of its embedding, now in 1.21
# (eval/benchmarks/results/textbook.json).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
