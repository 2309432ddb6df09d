"""SQLite's session extension at the work of Benchmarks/edits, through apsw.

  python peer_session.py ROWS SCHEMA FOLDER EDITS     prints one JSON object; needs `pip install apsw`

A session watches one table while it is written and gives what has changed as one changeset, which another file applies.
It knows no authors, no history and no order of changes; there is no hub in it, so that nothing goes over a wire.
"""

import json
import os
import sys
import time
import zlib

import apsw

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from common.edits import scattered
from common.rows import KEY, rows
from layout.files import INSERT, PLAIN, WAL


def connect(path):
    db = apsw.Connection(path)
    for statement in (*WAL, PLAIN):
        db.execute(statement)
    return db


def watched(db, body):
    """The changeset of what `body` does, and the seconds that both take."""
    session = apsw.Session(db, "main")
    session.attach("trade")
    start = time.perf_counter()
    with db:
        body()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    changes = session.changeset()
    return changes, time.perf_counter() - start


def main():
    count, schema, folder, edits = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    records = rows(count, schema)
    mina, jun = connect(f"{folder}/mina.db"), connect(f"{folder}/jun.db")
    found = {}
    changes, found["import"] = watched(mina, lambda: mina.executemany(INSERT, records))
    start = time.perf_counter()
    apsw.Changeset.apply(changes, jun)
    found["clone"] = time.perf_counter() - start
    update = f"UPDATE trade SET value = ? WHERE {' AND '.join(f'{name} = ?' for name in KEY)}"
    own, _ = scattered(records, edits)
    changes, _ = watched(mina, lambda: mina.executemany(update, own))
    found["bytes"] = len(zlib.compress(changes))
    print(json.dumps(found))


main()
