"""Use-cases on one model: list, show, add, edit and delete, with their options, forms and hooks."""
