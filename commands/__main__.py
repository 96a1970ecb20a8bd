"""``python -m commands`` is the command ``hanyin``."""

from commands.main import main

main()
