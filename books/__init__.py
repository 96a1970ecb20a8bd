"""The books (簿册) that an agency keeps: what each holds, how it is read, how it is written out.

``book`` says what a book is; ``register``, ``case_ledger``, ``service``, ``receipts`` and ``due``
each hold the columns of one book and read it; ``writers`` hold a module a format.
"""
