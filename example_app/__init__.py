"""A small shop, kept as an example of a Flask app that was there first."""
