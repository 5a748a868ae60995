"""The records that both pages show; knows no package, as each side imports it in its own environment."""

CUSTOMERS = 200
PAGE_SIZE = 25
USERNAME, PASSWORD = "admin", "correct horse battery"
COLUMNS = ["name", "email", "country", "status"]
COUNTRIES = ["Belgium", "Denmark", "Estonia", "France", "Germany", "Ireland", "Norway", "Poland", "Portugal", "Spain"]
FIRST_NAMES = ["Anna", "Ben", "Chloe", "David", "Elena", "Farid", "Grace", "Hugo"]
LAST_NAMES = ["Abbott", "Berg", "Costa", "Hansen", "Ito", "Okafor", "Petrov"]
STATUSES = ["active", "invited", "closed"]


def countries() -> list[dict[str, object]]:
    """The rows of the table of countries."""
    return [{"id": key, "name": name} for key, name in enumerate(COUNTRIES, start=1)]


def customers() -> list[dict[str, object]]:
    """The rows of the table of customers."""
    return [customer(key) for key in range(1, CUSTOMERS + 1)]


def customer(key: int) -> dict[str, object]:
    """One row, the same for the same key."""
    first, last = FIRST_NAMES[key % len(FIRST_NAMES)], LAST_NAMES[key % len(LAST_NAMES)]
    return {
        "id": key,
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{key}@example.org".lower(),
        "country_id": key % len(COUNTRIES) + 1,
        "status": STATUSES[key % len(STATUSES)],
    }
