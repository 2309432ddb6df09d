"""What the table itself costs: clustering, order of rows, columns, types, pages, codes."""

import statistics
import time

from common.ratios import compare, ratio
from common.rows import COLUMNS, batches
from layout.files import (
    CLUSTERED, INSERT, INSERT_REV, KEY_LIST, MARKS, PLAIN, WAL, WITH_REV, by_temporary, columns, fill, remove, several,
    shell, used_share)

TEXTS = [name for name in COLUMNS if name not in ("value", "quantity", "net_weight_kg", "note", "tags", "citations")]


def interned(rows):
    """The rows with a small integer for each text of TEXTS, and the texts by number."""
    numbers, places = {}, [COLUMNS.index(name) for name in TEXTS]
    result = []
    for row in rows:
        row = list(row)
        for place in places:
            if row[place] is not None:
                row[place] = numbers.setdefault(row[place], len(numbers) + 1)
        result.append(tuple(row))
    return result, list(numbers.items())


def interned_schema(texts):
    """A table of codes; the table of numbers; a view that looks like `trade`, with a trigger to insert through."""
    typed = ", ".join(f"{name} {'INTEGER' if name in TEXTS else 'ANY'}" for name in COLUMNS)
    shown = ", ".join(
        f"(SELECT text FROM code WHERE id = t.{name}) AS {name}" if name in TEXTS else name for name in COLUMNS)
    stored = ", ".join(
        f"(SELECT id FROM code WHERE text = NEW.{name})" if name in TEXTS else f"NEW.{name}" for name in COLUMNS)
    values = ", ".join(f"({number}, '{text}')" for text, number in texts)
    return [
        "CREATE TABLE code (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)", f"INSERT INTO code VALUES {values}",
        f"CREATE TABLE trade_number ({typed}, PRIMARY KEY ({KEY_LIST})) WITHOUT ROWID",
        f"CREATE VIEW trade AS SELECT {shown} FROM trade_number t",
        "CREATE TRIGGER trade_insert INSTEAD OF INSERT ON trade "
        f"BEGIN INSERT INTO trade_number VALUES ({stored}); END",
    ]


def sorter(db, part):
    """Sorts with SQLite's own sorter, by way of a temporary table: bounded memory, whatever the number of rows."""
    db.execute(f"CREATE TEMP TABLE part ({columns(not_null=False)})")
    db.executemany(f"INSERT INTO part VALUES ({MARKS})", part)
    db.execute(f"INSERT INTO trade SELECT * FROM part ORDER BY {KEY_LIST}")
    db.execute("DROP TABLE part")


def measure(rows, csv, folder, report):
    path, base = f"{folder}/layout.db", f"{folder}/plain.db"
    started = time.perf_counter()
    by_key = sorted(rows, key=lambda row: row[:6])
    sorting = time.perf_counter() - started
    by_1k, by_10k, by_100k = (batches(rows, size) for size in (1_000, 10_000, 100_000))
    numbers, texts = interned(rows)
    numbers_by_10k = batches(numbers, 10_000)
    codes = interned_schema(texts)

    def baseline():
        return fill(base, rows, PLAIN)

    def layout(*arguments, order=rows, **options):
        def run():
            took = fill(path, order, *arguments, **options)
            took.found["used"] = "-" if arguments[0] is codes else used_share(path)
            return took
        return run

    def imported():
        remove(path)
        took = shell(path, *(f"{statement};" for statement in WAL), PLAIN + ";", f".import --csv --skip 1 {csv} trade")
        took.found["used"] = used_share(path)
        return took

    def paged(size):
        return [f"PRAGMA page_size = {size}"]

    strict = ") STRICT, WITHOUT ROWID"
    variants = {
        "plain: rowid table, unique index on the key": layout(PLAIN),
        "plain by `sqlite3 .import` of the CSV": imported,
        "binding the values and inserting nothing": layout(
            PLAIN, f"INSERT INTO trade SELECT {MARKS} WHERE 0"),
        "plain, STRICT": layout(PLAIN + " STRICT"),
        "plain, rows sorted by key": layout(PLAIN, order=by_key),
        "INTEGER PRIMARY KEY beside a unique index": layout(
            f"CREATE TABLE trade (id INTEGER PRIMARY KEY, {columns()}, UNIQUE ({KEY_LIST}))",
            f"INSERT INTO trade VALUES (NULL, {MARKS})"),
        "WITHOUT ROWID, file order": layout(CLUSTERED),
        "WITHOUT ROWID, sorted by 1,000": layout(CLUSTERED, order=by_1k),
        "WITHOUT ROWID, sorted by 10,000": layout(CLUSTERED, order=by_10k),
        "WITHOUT ROWID, sorted by 100,000": layout(CLUSTERED, order=by_100k),
        "WITHOUT ROWID, all sorted": layout(CLUSTERED, order=by_key),
        "WITHOUT ROWID, sorted by SQLite on the way": layout(CLUSTERED, write=sorter),
        "sorted by 10,000, with tally_rev": layout(WITH_REV, INSERT_REV, order=by_10k),
        "sorted by 10,000, tally_rev NULL": layout(WITH_REV, f"INSERT INTO trade VALUES ({MARKS}, NULL)", order=by_10k),
        "sorted by 10,000, STRICT": layout(f"CREATE TABLE trade ({columns()}, PRIMARY KEY ({KEY_LIST}){strict}",
                                           order=by_10k),
        "sorted by 10,000, numbers NUMERIC": layout(
            f"CREATE TABLE trade ({columns(number='NUMERIC')}, PRIMARY KEY ({KEY_LIST})) WITHOUT ROWID", order=by_10k),
        "sorted by 10,000, columns without type": layout(
            f"CREATE TABLE trade ({columns(number='', text='')}, PRIMARY KEY ({KEY_LIST})) WITHOUT ROWID",
            order=by_10k),
        "sorted by 10,000, pages of 8,192": layout(CLUSTERED, order=by_10k, pragmas=paged(8192)),
        "sorted by 10,000, pages of 16,384": layout(CLUSTERED, order=by_10k, pragmas=paged(16384)),
        "all sorted, pages of 8,192": layout(CLUSTERED, order=by_key, pragmas=paged(8192)),
        "with tally_rev, by 10,000, then VACUUM": layout(WITH_REV, INSERT_REV, order=by_10k, after=["VACUUM"]),
        "the same, by way of a temporary table": layout(WITH_REV, order=by_10k, write=by_temporary),
        "plain, then VACUUM": layout(PLAIN, after=["VACUUM"]),
        "codes as numbers, into their table": layout(
            codes, f"INSERT INTO trade_number VALUES ({MARKS})", order=numbers_by_10k),
        "codes as numbers, through the view": layout(codes, INSERT, order=by_10k),
    }
    pairs = compare(baseline, report.chosen(variants), several(rows))
    plain_seconds = [plain.wall for of in pairs.values() for plain, _ in of] or [1]
    report.table(
        "Tables: insert in one transaction and close", ["layout", "time", "processor", "size", "pages used"],
        [[name, ratio(of), ratio(of, lambda t: t.processor), ratio(of, lambda t: t.bytes),
          of[0][1].used] for name, of in pairs.items()],
        f"Sorting all rows by key beforehand takes {sorting / statistics.median(plain_seconds):.2f} of plain's time in "
        "Python's list.sort; the times of sorted layouts are without it, but for “by SQLite on the way”.")
