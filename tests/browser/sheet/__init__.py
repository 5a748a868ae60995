"""A page that shows every component in every state, light and dark side by side: `make components`."""
