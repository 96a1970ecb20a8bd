"""Spreadsheets of cases and repayments: templates that office workers fill in, read as events.

``layouts`` is the table of sheets and columns; ``template`` writes it, ``reading`` reads what
came back. Nothing here sends anything, and nothing here guesses.
"""
