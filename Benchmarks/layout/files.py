"""Makes a file of rows in some layout and measures it, closed and checkpointed, as it lies at rest."""

import itertools
import os
import sqlite3
import subprocess

from common.ratios import Clock
from common.rows import COLUMNS, KEY, NUMBERS

KEY_LIST = ", ".join(KEY)
MARKS = ", ".join("?" * len(COLUMNS))
INSERT = f"INSERT INTO trade VALUES ({MARKS})"
WAL = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"]


def columns(number="REAL", text="TEXT", not_null=True):
    """The columns of `trade` as SQL."""
    return ", ".join(
        f"{name} {number if name in NUMBERS else text}{' NOT NULL' if not_null and name in KEY else ''}"
        for name in COLUMNS)


PLAIN = f"CREATE TABLE trade ({columns(not_null=False)}, PRIMARY KEY ({KEY_LIST}))"
CLUSTERED = f"CREATE TABLE trade ({columns()}, PRIMARY KEY ({KEY_LIST})) WITHOUT ROWID"
WITH_REV = (
    f"CREATE TABLE trade ({columns()}, tally_rev INTEGER DEFAULT NULL, PRIMARY KEY ({KEY_LIST})) WITHOUT ROWID")
INSERT_REV = f"INSERT INTO trade VALUES ({MARKS}, 17)"


def several(rows):
    """Few rows are a check that all of this works; figures count from some 100,000 rows on."""
    return 1 if len(rows) < 50_000 else 3


def cache(mebibytes):
    return f"PRAGMA cache_size = {-1024 * mebibytes}"


def remove(path):
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def in_parts(rows, size):
    rows = iter(rows)
    while part := list(itertools.islice(rows, size)):
        yield part


def fill(path, rows, create, insert=INSERT, pragmas=(), after=(), rows_per_commit=None, journal=WAL, write=None):
    """Creates the file anew, inserts the rows and closes it.

    The peak of the write-ahead log is what it holds after the last commit: it never shrinks before.
    """
    remove(path)
    clock = Clock()
    db = sqlite3.connect(path, isolation_level=None, cached_statements=1000)
    for statement in [*pragmas, *journal, create] if isinstance(create, str) else [*pragmas, *journal, *create]:
        db.execute(statement)
    for part in in_parts(rows, rows_per_commit) if rows_per_commit else [rows]:
        db.execute("BEGIN")
        write(db, part) if write else db.executemany(insert, part)
        db.execute("COMMIT")
    for statement in after:
        db.execute(statement)
    wal = os.path.getsize(path + "-wal") if os.path.exists(path + "-wal") else 0
    db.close()
    return clock.took(bytes=os.path.getsize(path), wal=wal)


def shell(path, *commands):
    """Runs the sqlite3 shell on the file, as it is or new."""
    clock = Clock()
    script = "\n".join(commands)
    done = subprocess.run(["sqlite3", "-bail", path], input=script, text=True, capture_output=True)
    if done.returncode or done.stderr:
        raise RuntimeError(f"sqlite3: {done.stderr}\n{script}")
    return clock.took(bytes=os.path.getsize(path) if os.path.exists(path) else 0, output=done.stdout)


def used_share(path):
    """How much of the pages of `trade` is used, as a percentage."""
    query = "SELECT 100 - sum(unused) * 100.0 / sum(pgsize) FROM dbstat WHERE name = 'trade';"
    return f"{float(shell(path, query).output):.0f}%"


def by_temporary(db, part):
    """Fills a new file by way of a temporary table: SQLite copies a whole table into an empty one page after page,
    filling each (xferOptimization in https://www.sqlite.org/src/file?name=src/insert.c)."""
    db.execute(WITH_REV.replace("CREATE TABLE trade", "CREATE TEMP TABLE trade_new"))
    db.executemany(INSERT_REV.replace("INTO trade", "INTO trade_new"), part)
    db.execute("INSERT INTO main.trade SELECT * FROM trade_new")
    db.execute("DROP TABLE trade_new")
