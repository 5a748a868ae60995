"""The part that knows Flask: routes, the guard, views, rendering and the menu."""
