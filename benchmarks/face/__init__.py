"""The list page in a browser, beside Flask-AppBuilder's: `make bench-face`."""
