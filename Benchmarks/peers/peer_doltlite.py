"""doltlite at the work of Benchmarks/edits, in a process of its own: it takes the place of Python's sqlite3.

  python peer_doltlite.py ROWS SCHEMA FOLDER EDITS     prints one JSON object; needs `pip install doltlite`

Two databases and its own server on the loopback, as two copies of Tally and a hub.
"""

import doltlite  # before sqlite3, whose engine it replaces

import ctypes
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from common.edits import scattered
from common.rows import COLUMNS, KEY, rows

SERVER = """
import ctypes, doltlite, sys
serve = ctypes.CDLL(doltlite.libdoltlite_path()).doltliteServe
serve.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p]
sys.exit(serve(sys.argv[1].encode(), int(sys.argv[2]), b"127.0.0.1"))
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def server(folder):
    port = free_port()
    names = ("LD_PRELOAD", "_DOLTLITE_BOOTSTRAPPED")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    process = subprocess.Popen([sys.executable, "-c", SERVER, folder, str(port)], env=environment)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, port
        except OSError:
            time.sleep(0.05)
    sys.exit("doltlite's server does not start")


def connect(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA cache_size=-65536")
    return db


def call(db, sql, *values):
    return db.execute(f"SELECT {sql}", values).fetchall()


def timed(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def main():
    count, schema, folder, edits = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    records = rows(count, schema)
    os.makedirs(f"{folder}/remote")
    process, port = server(f"{folder}/remote")
    try:
        url = f"http://127.0.0.1:{port}/korea.db"
        mina = connect(f"{folder}/mina.db")
        columns = ", ".join(f"{name} {'TEXT NOT NULL' if name in KEY else ''}" for name in COLUMNS)
        mina.execute(f"CREATE TABLE trade ({columns}, PRIMARY KEY ({', '.join(KEY)}))")
        mina.execute("BEGIN")
        mina.executemany(f"INSERT INTO trade VALUES ({', '.join('?' * len(COLUMNS))})", records)
        mina.execute("COMMIT")
        call(mina, "dolt_commit('-A', '-m', 'import')")
        call(mina, "dolt_remote('add', 'origin', ?)", url)
        call(mina, "dolt_push('origin', 'main')")
        found = {}

        def clone():
            call(sqlite3.connect(f"{folder}/jun.db", isolation_level=None), "dolt_clone(?)", url)

        found["clone"] = timed(clone)
        found["bytes"] = os.path.getsize(f"{folder}/jun.db")
        jun = connect(f"{folder}/jun.db")
        key = " AND ".join(f"{name} = ?" for name in KEY)
        for db, own in zip((mina, jun), scattered(records, edits)):
            db.execute("BEGIN")
            db.executemany(f"UPDATE trade SET value = ? WHERE {key}", own)
            db.execute("COMMIT")
            call(db, "dolt_commit('-A', '-m', 'edits')")

        def merge():
            call(jun, "dolt_fetch('origin', 'main')")
            call(jun, "dolt_merge('origin/main')")

        found["edits"] = sum(map(timed, (
            lambda: call(mina, "dolt_push('origin', 'main')"), merge,
            lambda: call(jun, "dolt_push('origin', 'main')"), lambda: call(mina, "dolt_pull('origin', 'main')"))))
        print(json.dumps(found))
    finally:
        process.terminate()
        process.wait()


main()
