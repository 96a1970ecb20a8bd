"""Attacks on sealed letters: each class of the literature, made from a real letter.

A class is a function that gives the files of its variants. ``ATTACKS`` has all of them; what a
class may be told as stands beside it.
"""
