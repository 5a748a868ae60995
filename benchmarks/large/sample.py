"""The table that all sides show; knows no package, as each side imports it in its own environment."""

from collections.abc import Iterable, Iterator

CUSTOMERS = 100_000
PAGE_SIZE = 25
USERNAME, PASSWORD = "admin", "correct horse battery"
COLUMNS = ["number", "customer.name", "status", "placed", "amount"]
FIELDS = ["number", "customer", "status", "placed", "amount"]
"""What a record's page and its form show. The customer is looked for: no form offers 100,000 of them."""
STATUSES = ["new", "paid", "shipped", "closed"]
STATUS = "closed"
"""The state of one order of a hundred."""
ONE = ("search", "show", "edit form")
"""The pages that show one order."""

TABLES = """
CREATE TABLE large_customer (id integer PRIMARY KEY, name varchar(50) NOT NULL);
CREATE TABLE large_order (
  id integer PRIMARY KEY, number varchar(20) NOT NULL, status varchar(20) NOT NULL, placed timestamp NOT NULL,
  amount numeric(10, 2) NOT NULL, note varchar(200) NOT NULL, customer_id integer NOT NULL REFERENCES large_customer
)
"""
ROWS = """
INSERT INTO large_customer SELECT key, 'Customer ' || key FROM generate_series(1, {customers}) AS key;
INSERT INTO large_order SELECT
  key, 'SO-' || lpad(key::text, 8, '0'),
  CASE WHEN key % 100 = 0 THEN 'closed' ELSE (ARRAY['new', 'paid', 'shipped'])[key % 3 + 1] END,
  timestamp '2015-01-01' + make_interval(mins => (key::bigint * 7919 % 5000011)::int),
  (key::bigint * 104729 % 100003) / 100.0, 'What was said about order ' || key, key % {customers} + 1
FROM generate_series(1, {rows}) AS key
"""
# What each package asks of a text: LIKE on lower(), ILIKE, LIKE on upper().
INDEXES = """
CREATE INDEX ON large_order (status);
CREATE INDEX ON large_order (placed);
CREATE INDEX ON large_order (placed DESC, id DESC);
CREATE INDEX ON large_order (customer_id);
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX ON large_order USING gin (number gin_trgm_ops);
CREATE INDEX ON large_order USING gin (lower(number) gin_trgm_ops);
CREATE INDEX ON large_order USING gin (upper(number) gin_trgm_ops);
"""


def statements(rows: int) -> Iterator[str]:
    """The SQL that makes the tables."""
    text = TABLES + ";" + ROWS.format(rows=rows, customers=CUSTOMERS) + ";" + INDEXES
    yield from (one.strip() for one in text.split(";") if one.strip())
    yield "ANALYZE"


def last(rows: int) -> int:
    """The number of the last page: 80,000 of 2,000,000 rows."""
    return rows // PAGE_SIZE


def sought(rows: int) -> str:
    """The number of an order in the middle."""
    return f"SO-{rows // 2:08}"


def rows_of(pages: Iterable[str]) -> dict[str, int]:
    """How many orders each of these pages shows."""
    return {name: 1 if name in ONE else PAGE_SIZE for name in pages}
