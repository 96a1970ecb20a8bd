"""The processes: receive, apply, produce, relay, reconcile, and what they are built from."""
