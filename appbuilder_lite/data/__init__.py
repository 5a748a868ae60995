"""Models behind one protocol: columns, keys, queries, filters and writes. SQLAlchemy stays in here."""
