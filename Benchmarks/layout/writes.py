"""Ways to write a row into the clustered table."""

import sqlite3

from common.ratios import Clock, compare, ratio
from common.rows import COLUMNS, FIELDS, KEY, batches
from layout.files import INSERT_REV, KEY_LIST, WAL, WITH_REV, cache, fill, several

GIVEN = " AND ".join(f"{name} = ?" for name in KEY)
SELECT = f"SELECT {', '.join(COLUMNS)}, tally_rev FROM trade WHERE {GIVEN}"
NOTHING = f"SELECT {', '.join('?' * len(KEY))}"
STATE = "SELECT state FROM tally_state WHERE kind = 'trade' AND key = ?"
REPLACE = INSERT_REV.replace("INSERT", "INSERT OR REPLACE")
UPSERT = (
    f"{INSERT_REV} ON CONFLICT ({KEY_LIST}) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in [*FIELDS, "tally_rev"]))
UPDATE = f"UPDATE trade SET {', '.join(f'{name} = ?' for name in FIELDS)}, tally_rev = 17 WHERE {GIVEN}"
STATE_TABLE = (
    "CREATE TABLE tally_state (kind TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (kind, key)) "
    "STRICT, WITHOUT ROWID")


def one_by_one(*reads):
    """A loop in Python, so that reads can stand between writes."""
    *reads, insert = reads

    def write(db, part):
        execute = db.execute
        for row in part:
            for read in reads:
                # The text of the key costs about as much to make as what it replaces; the table of states is empty.
                execute(read, ("|".join(row[:6]),) if read is STATE else row[:6]).fetchone()
            execute(insert, row)
    return write


def measure(rows, csv, folder, report):
    """Into an empty table, and over a full one; 200,000 rows at most, which is enough to see the difference."""
    path, rows = f"{folder}/layout.db", batches(rows[:200_000], 10_000)
    ways = {
        "INSERT": lambda db, part: db.executemany(INSERT_REV, part),
        "INSERT OR REPLACE": lambda db, part: db.executemany(REPLACE, part),
        "INSERT OR IGNORE": lambda db, part: db.executemany(INSERT_REV.replace("INSERT", "INSERT OR IGNORE"), part),
        "INSERT … ON CONFLICT DO UPDATE": lambda db, part: db.executemany(UPSERT, part),
        "in a loop: INSERT": one_by_one(INSERT_REV),
        "in a loop: INSERT OR REPLACE": one_by_one(REPLACE),
        "in a loop: a read of nothing, INSERT OR REPLACE": one_by_one(NOTHING, REPLACE),
        "in a loop: SELECT, INSERT OR REPLACE": one_by_one(SELECT, REPLACE),
        "in a loop: SELECT of row and state, INSERT OR REPLACE": one_by_one(SELECT, STATE, REPLACE),
        "in a loop: row and state twice, INSERT OR REPLACE": one_by_one(SELECT, STATE, SELECT, STATE, REPLACE),
    }
    options = {"pragmas": [cache(32)]}
    create = [WITH_REV, STATE_TABLE]
    pairs = compare(
        lambda: fill(path, rows, create, write=ways["INSERT"], **options),
        {name: lambda way=way: fill(path, rows, create, write=way, **options) for name, way in ways.items()},
        several(rows))

    def over(way):
        def run():
            fill(path, rows, create, write=ways["INSERT"], **options)
            db = sqlite3.connect(path, isolation_level=None)
            clock = Clock()
            for statement in [cache(32), *WAL, "BEGIN"]:
                db.execute(statement)
            way(db, rows)
            db.execute("COMMIT")
            db.close()
            return clock.took()
        return run

    again = {name: way for name, way in ways.items() if name not in ("INSERT", "in a loop: INSERT")}
    again["UPDATE"] = lambda db, part: db.executemany(UPDATE, ((*row[6:], *row[:6]) for row in part))
    full = compare(lambda: fill(path, rows, create, write=ways["INSERT"], **options),
                   {name: over(way) for name, way in again.items()}, several(rows))

    def processor(of):
        return ratio(of, lambda took: took.processor) if of else None

    report.table(
        f"Writing {len(rows):,} rows: processor time against INSERT into the empty table (clustered, cache 32 MB)",
        ["statement", "into an empty table", "over a full one"],
        [[name, processor(pairs.get(name)), processor(full.get(name))] for name in dict.fromkeys([*pairs, *full])])
