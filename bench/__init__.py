"""Benchmarks: each prints our rate, a peer's and the physical limit, measured in one run."""
