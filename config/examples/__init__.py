"""The contract's example events, which the demo runs."""
