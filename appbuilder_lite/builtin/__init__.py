"""The stock views: sign-in, users, roles, permissions and the index page, written with the public names only."""
