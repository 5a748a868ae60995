"""Users, roles and permissions: models, look-ups, decisions, and the records that create themselves."""
