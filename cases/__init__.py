"""The rules, pure: what an event does to a case and which documents it calls for.

Nothing here reads a clock, a file or a database; what is needed is handed in.
"""
