"""The command line: a module a command, Chinese first, English by ``--lang en``."""
