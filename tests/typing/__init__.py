"""What a user writes, as the type checker sees it: `correct.py` must check, each file in `cases/` must not."""
