"""Commands with parts of their own, mounted by `kb.cli` when they are called for."""
