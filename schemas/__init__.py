"""The contract: what comes in, what goes out, what may be wrong with it.

Imports nothing of the project; every other room may import it.
"""
