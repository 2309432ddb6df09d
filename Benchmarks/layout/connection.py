"""Settings of the connection, and ways to fill a new file, on the clustered table."""

import os
import sqlite3
import statistics

from common.ratios import Clock, compare, ratio
from common.rows import KEY, Draw, batches
from layout.files import INSERT_REV, PLAIN, WITH_REV, by_temporary, cache, fill, several, used_share

ROLLBACK = ["PRAGMA journal_mode = DELETE", "PRAGMA synchronous = NORMAL"]


def measure(rows, csv, folder, report):
    path, base = f"{folder}/layout.db", f"{folder}/plain.db"
    by_10k, by_100k, by_key = batches(rows, 10_000), batches(rows, 100_000), sorted(rows, key=lambda row: row[:6])

    def clustered(*pragmas, order=by_10k, **options):
        def run():
            took = fill(path, order, WITH_REV, INSERT_REV, pragmas=pragmas, **options)
            took.found["used"] = used_share(path)
            return took
        return run

    full = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"]
    variants = {
        "cache 2 MB, checkpoint at 1,000 pages, NORMAL: the defaults": clustered(),
        **{f"cache {size} MB": clustered(cache(size)) for size in (8, 16, 32, 64, 256)},
        "cache 32 MB, rows in file order": clustered(cache(32), order=rows),
        "cache 64 MB, rows in file order": clustered(cache(64), order=rows),
        "cache 64 MB, all sorted": clustered(cache(64), order=by_key),
        "cache 2 MB, all sorted": clustered(order=by_key),
        "cache 32 MB, pages of 8,192": clustered(cache(32), "PRAGMA page_size = 8192"),
        "cache 32 MB, FULL": clustered(cache(32), journal=full),
        "cache 32 MB, checkpoint at 10,000 pages": clustered(cache(32), "PRAGMA wal_autocheckpoint = 10000"),
        "cache 32 MB, checkpoint at closing only": clustered(cache(32), "PRAGMA wal_autocheckpoint = 0"),
        "cache 32 MB, locking_mode EXCLUSIVE": clustered(cache(32), "PRAGMA locking_mode = EXCLUSIVE"),
        "cache 32 MB, secure_delete OFF": clustered(cache(32), "PRAGMA secure_delete = OFF"),
        "cache 32 MB, mmap of 1 GB": clustered(cache(32), "PRAGMA mmap_size = 1073741824"),
        "cache 32 MB, a commit per 10,000 rows, NORMAL": clustered(cache(32), rows_per_commit=10_000),
        "cache 32 MB, a commit per 10,000 rows, FULL": clustered(cache(32), rows_per_commit=10_000, journal=full),
        "cache 2 MB, a commit per 10,000 rows, NORMAL": clustered(rows_per_commit=10_000),
        "cache 64 MB, a commit per 10,000 rows, NORMAL": clustered(cache(64), rows_per_commit=10_000),
        "cache 32 MB, a commit per 100,000 rows, NORMAL": clustered(cache(32), rows_per_commit=100_000),
        "cache 32 MB, a commit per 10,000 rows, sorted by 100,000": clustered(
            cache(32), order=by_100k, rows_per_commit=10_000),
        "cache 2 MB, a commit per 10,000 rows, all sorted": clustered(order=by_key, rows_per_commit=10_000),
        "cache 32 MB, a commit per 10,000 rows, all sorted": clustered(
            cache(32), order=by_key, rows_per_commit=10_000),
        "cache 32 MB, pages of 8,192, a commit per 10,000 rows": clustered(
            cache(32), "PRAGMA page_size = 8192", rows_per_commit=10_000),
        "cache 32 MB, a commit per 10,000 rows, checkpoint at 10,000 pages": clustered(
            cache(32), "PRAGMA wal_autocheckpoint = 10000", rows_per_commit=10_000),
        "new file, rollback journal, cache 2 MB": clustered(journal=ROLLBACK),
        "new file, rollback journal, cache 32 MB": clustered(cache(32), journal=ROLLBACK),
        "new file, rollback journal, cache 32 MB, all sorted": clustered(cache(32), journal=ROLLBACK, order=by_key),
        "by way of a temporary table, cache 2 MB": clustered(write=by_temporary),
        "by way of a temporary table, cache 2 MB, all sorted": clustered(order=by_key, write=by_temporary),
        "by way of a temporary table, cache 32 MB": clustered(
            cache(32), "PRAGMA temp.cache_size = -32768", write=by_temporary),
        "the same, temporary table in memory": clustered(cache(32), "PRAGMA temp_store = MEMORY", write=by_temporary),
        "the same, rollback journal": clustered(
            cache(32), "PRAGMA temp.cache_size = -32768", journal=ROLLBACK, write=by_temporary),
        "plain, cache 32 MB": lambda: fill(path, rows, PLAIN, pragmas=[cache(32)]),
        "plain, cache 64 MB": lambda: fill(path, rows, PLAIN, pragmas=[cache(64)]),
    }
    pairs = compare(lambda: fill(base, rows, PLAIN), report.chosen(variants), several(rows))
    report.table(
        "Connection: clustered with tally_rev, sorted by 10,000, one transaction",
        ["settings", "time", "processor", "size", "pages used", "-wal at its peak"],
        [[name, ratio(of), ratio(of, lambda t: t.processor), ratio(of, lambda t: t.bytes),
          of[0][1].found.get("used", "-"), of[0][1].wal / of[0][0].bytes]
         for name, of in pairs.items()],
        "-wal in sizes of plain's file.")
    pages(by_10k, path, report)


def pages(rows, path, report):
    """A thousand random edits, a transaction each and in one, by the size of pages."""
    draw = Draw(8)
    picks = [rows[draw.below(len(rows))][:6] for _ in range(1000)]
    update = f"UPDATE trade SET value = value + 1, tally_rev = 18 WHERE {' AND '.join(f'{name} = ?' for name in KEY)}"
    found = []
    for size in (4096, 8192, 16384):
        fill(path, rows, WITH_REV, INSERT_REV, pragmas=[f"PRAGMA page_size = {size}", cache(32)])
        line = [f"pages of {size:,}"]
        for many in (True, False):
            times = []
            for _ in range(several(rows)):
                db = sqlite3.connect(path, isolation_level=None)
                db.execute("PRAGMA synchronous = FULL" if many else "PRAGMA synchronous = NORMAL")
                db.execute("PRAGMA wal_autocheckpoint = 0")
                clock = Clock()
                if not many:
                    db.execute("BEGIN")
                for pick in picks:
                    db.execute(update, pick)
                if not many:
                    db.execute("COMMIT")
                times.append(clock.took().wall * 1000)
                wal = os.path.getsize(path + "-wal")
                db.close()
            line += [statistics.median(times), wal]
        found.append(line)
    report.table(
        "Pages: 1,000 random edits", [
            "layout", "a transaction each, FULL, ms", "-wal, bytes", "in one, NORMAL, ms", "-wal, bytes of it"], found)
