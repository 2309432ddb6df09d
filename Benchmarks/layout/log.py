"""What the log costs in the file: beside the table, and where in it lines stand."""

import sqlite3
import statistics

from common.ratios import Clock, compare, ratio
from common.rows import Draw, batches
from layout.files import INSERT_REV, PLAIN, WITH_REV, by_temporary, cache, fill, remove, several
from layout.lines import Log, narrow, revised
from layout.packing import GROUP, compression, levels, lines_of, packed, small_edits

TALLY_LOG = """
CREATE TABLE tally_log (
    position INTEGER PRIMARY KEY, replica INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
    at INTEGER NOT NULL, author TEXT NOT NULL, machine TEXT NOT NULL, message TEXT, group_id TEXT, group_part INTEGER,
    group_last INTEGER NOT NULL DEFAULT 0, is_import INTEGER NOT NULL, row_count INTEGER NOT NULL,
    byte_count INTEGER NOT NULL, seen TEXT NOT NULL, member TEXT, {line} UNIQUE (replica, seq)) STRICT"""
LOG = TALLY_LOG.format(line="line BLOB NOT NULL,")
LOG_APART = [
    TALLY_LOG.format(line=""), "CREATE TABLE tally_line (position INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT"]


def metadata(position, draw, size, is_import):
    digest = bytes(draw.below(256) for _ in range(32))
    return (
        position, 1, position, digest, 1_700_000_000_000 + position * 211_123, "mina", "mina-laptop",
        "import trade.csv" if is_import else None, GROUP if is_import else None, position if is_import else None, 0,
        int(is_import), 10_000 if is_import else 1, size, "", None)


def store(db, packed_lines, apart=False, is_import=True):
    draw = Draw(4)
    records = [metadata(i, draw, len(line) * 6, is_import) for i, line in enumerate(packed_lines, 1)]
    if apart:
        db.executemany(f"INSERT INTO tally_log VALUES ({', '.join('?' * 16)})", records)
        db.executemany("INSERT INTO tally_line VALUES (?, ?)", list(enumerate(packed_lines, 1)))
    else:
        db.executemany(
            f"INSERT INTO tally_log VALUES ({', '.join('?' * 17)})",
            [(*record, line) for record, line in zip(records, packed_lines)])


def measure(rows, csv, folder, report):
    path, base = f"{folder}/layout.db", f"{folder}/plain.db"
    took = [fill(base, rows, PLAIN) for _ in range(several(rows))]
    plain_bytes, plain_seconds = took[0].bytes, statistics.median(t.wall for t in took)
    compression(rows, plain_bytes, plain_seconds, report)
    small_edits(rows, report)
    stored(rows, path, base, report, "all fields")
    stored(narrow(rows), path, base, report, "value, unit and status only")
    placed(rows, path, report)


def stored(rows, path, base, report, title):
    """The table and the log in one file, as an import leaves them."""
    variants = {}
    for order, name in ((batches(rows, 10_000), "sorted by 10,000"), (sorted(rows, key=lambda r: r[:6]), "all sorted")):
        lines = lines_of(order, 10_000)

        def with_log(level, insert, order=order, lines=lines, **options):
            def write(db, part):
                store(db, packed(lines, level)[0])
                insert(db, part)
            return lambda: fill(path, order, [WITH_REV, LOG], pragmas=[cache(32)], write=write, **options)

        def direct(db, part):
            db.executemany(INSERT_REV, part)

        variants[f"{name}, no log"] = lambda order=order: fill(
            path, order, WITH_REV, INSERT_REV, pragmas=[cache(32)])
        for level in levels(rows)[1:5]:
            variants[f"{name}, log at level {level}"] = with_log(level, direct)
        for level in (3, 6, 9):
            variants[f"{name}, level {level}, by way of a temporary table"] = with_log(level, by_temporary)
        variants[f"{name}, level 6, then VACUUM"] = with_log(6, direct, after=["VACUUM"])
    pairs = compare(lambda: fill(base, rows, PLAIN), report.chosen(variants), several(rows))
    report.table(
        f"Log and clustered table in one file, cache 32 MB, packed in line: {title}",
        ["layout", "time", "processor", "size"],
        [[name, ratio(of), ratio(of, lambda t: t.processor), ratio(of, lambda t: t.bytes)]
         for name, of in pairs.items()])


READS = {
    "seq and hash of all": "SELECT sum(seq), max(hash) FROM tally_log",
    "the last hundred by time": "SELECT seq, author, message FROM tally_log ORDER BY at DESC LIMIT 100",
    "max(position)": "SELECT max(position) FROM tally_log",
}


def placed(rows, path, report):
    """Lines in the table of the metadata, and in one of their own."""
    draw = Draw(6)
    log = Log(draw)
    count = max(1000, len(rows) // 10)
    single = [log.line(revised([rows[draw.below(len(rows))]], draw), None) for _ in range(count)]
    large = lines_of(batches(rows, 10_000), 1_000)
    found = []
    for name, lines, level in (
            (f"{count:,} single edits", single, 3), (f"{len(large):,} lines of 1,000 rows", large, 9)):
        ready, _ = packed(lines, level)
        for apart in (False, True):
            remove(path)
            took = fill(path, [0], LOG_APART if apart else LOG, write=lambda db, _: store(db, ready, apart, False))
            db = sqlite3.connect(path)
            row = [f"{name}, {'lines apart' if apart else 'in one table'}", took.wall * 1000, took.bytes]
            for sql in READS.values():
                times = []
                for _ in range(9):
                    db.close()
                    db = sqlite3.connect(path)
                    clock = Clock()
                    db.execute(sql).fetchall()
                    times.append(clock.took().wall * 1000)
                row.append(statistics.median(times))
            table = "tally_line" if apart else "tally_log"
            for sql in ("SELECT hash FROM tally_log WHERE replica = 1 AND seq = ?",
                        f"SELECT line FROM {table} WHERE position = ?"):
                places = [(draw.below(len(lines)) + 1,) for _ in range(1000)]
                clock = Clock()
                for place in places:
                    db.execute(sql, place).fetchone()
                row.append(clock.took().wall * 1000)
            db.close()
            found.append(row)
    report.table(
        "Log: where lines stand, milliseconds",
        ["log", "write all", "file, bytes", *READS, "1,000 hashes by (replica, seq)", "1,000 lines"], found)
