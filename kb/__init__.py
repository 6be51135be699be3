"""leadership-kb: questions about leadership, answered with sentences that stand in a source."""
