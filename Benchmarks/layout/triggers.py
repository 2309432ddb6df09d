"""Triggers that remember the first old image of each row that another tool changes (DESIGN.md section 7)."""

import re
import shutil
import statistics

from common.ratios import compare, ratio
from common.rows import COLUMNS, FIELDS, KEY, Draw, batches
from layout.files import KEY_LIST, MARKS, WITH_REV, columns, fill, remove, several, shell

ALL = ", ".join([*COLUMNS, "tally_rev"])


def same(row):
    return " AND ".join(f"{name} = {row}.{name}" for name in KEY)


def image(row, as_json):
    """The fields of an old row as columns or as one JSON array."""
    fields = ", ".join(f"{row}{name}" for name in [*FIELDS, "tally_rev"])
    return f"json_array({fields})" if as_json else fields


def schema(as_json=False):
    """The table of old images, existed = 0 where there was no row, and the triggers that fill it."""
    kept = "image TEXT" if as_json else ", ".join([*FIELDS, "tally_rev"])
    keys = ", ".join(f"{name} TEXT NOT NULL" for name in KEY)
    new_key, old_key = (", ".join(f"{row}.{name}" for name in KEY) for row in ("NEW", "OLD"))
    if_new = f"WHEN NOT EXISTS (SELECT 1 FROM tally_before_trade WHERE {same('NEW')})"
    if_old = f"WHEN NOT EXISTS (SELECT 1 FROM tally_before_trade WHERE {same('OLD')})"
    moved = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in KEY)
    by_new = (
        f"INSERT INTO tally_before_trade SELECT {new_key}, t.reporter IS NOT NULL, {image('t.', as_json)} "
        f"FROM (SELECT 1) LEFT JOIN trade t ON {' AND '.join(f't.{name} = NEW.{name}' for name in KEY)};")
    by_old = f"INSERT INTO tally_before_trade VALUES ({old_key}, 1, {image('OLD.', as_json)});"
    return [
        f"CREATE TABLE tally_before_trade ({keys}, existed INTEGER NOT NULL, {kept}, PRIMARY KEY ({KEY_LIST})) "
        "WITHOUT ROWID;",
        f"CREATE TRIGGER tally_insert_trade BEFORE INSERT ON trade {if_new} BEGIN {by_new} END;",
        f"CREATE TRIGGER tally_update_trade BEFORE UPDATE ON trade {if_old} BEGIN {by_old} END;",
        f"CREATE TRIGGER tally_rename_trade BEFORE UPDATE OF {KEY_LIST} ON trade WHEN ({moved}) "
        f"AND NOT EXISTS (SELECT 1 FROM tally_before_trade WHERE {same('NEW')}) BEGIN {by_new} END;",
        f"CREATE TRIGGER tally_delete_trade BEFORE DELETE ON trade {if_old} BEGIN {by_old} END;",
    ]


OFF = ".dbconfig enable_trigger off"
PRAGMAS = ["PRAGMA journal_mode = WAL;", "PRAGMA synchronous = NORMAL;", "PRAGMA cache_size = -32768;"]


def measure(rows, csv, folder, report):
    path, feed = f"{folder}/layout.db", f"{folder}/feed.db"
    # Rows come from another file, read in order, so that nothing but SQLite is timed.
    draw = Draw(7)
    picks = [rows[draw.below(len(rows))] for _ in range(1000)]
    fill(feed, batches(rows, 10_000), [
        f"CREATE TABLE feed ({columns(not_null=False)})", f"CREATE TABLE pick ({columns(not_null=False)})"],
        f"INSERT INTO feed VALUES ({MARKS})", write=lambda db, part: (
            db.executemany(f"INSERT INTO feed VALUES ({MARKS})", part),
            db.executemany(f"INSERT INTO pick VALUES ({MARKS})", picks)))
    attach = f"ATTACH '{feed}' AS f;"
    bulk = f"INSERT INTO trade SELECT {', '.join(COLUMNS)}, 17 FROM f.feed;"
    by_columns, by_json = schema(), schema(as_json=True)

    def insert(*commands, before=()):
        def run():
            remove(path)
            return shell(
                path, ".output /dev/null", *commands, *PRAGMAS, WITH_REV + ";", *before, attach, "BEGIN;", bulk,
                "COMMIT;")
        return run

    pairs = compare(insert(), {
        "no triggers": insert(),
        "triggers, off": insert(OFF, before=by_columns),
        "triggers, on": insert(before=by_columns),
        "triggers, on, old image as JSON": insert(before=by_json),
    }, several(rows))
    report.table(
        "Triggers: inserting all rows in one statement, against no triggers", ["triggers", "time", "processor", "size"],
        [[name, ratio(of), ratio(of, lambda t: t.processor), ratio(of, lambda t: t.bytes)]
         for name, of in pairs.items()])

    changes(rows, path, attach, bulk, {"no triggers": [], "columns": by_columns, "JSON": by_json}, report)


def changes(rows, path, attach, bulk, triggers, report):
    """Changes by another tool: milliseconds of the statement alone, as the shell's .timer has it."""
    picked = " AND ".join(f"trade.{name} = p.{name}" for name in KEY)
    update = f"UPDATE trade SET value = trade.value + 1 FROM f.pick p WHERE {picked};"
    delete = f"DELETE FROM trade WHERE ({KEY_LIST}) IN (SELECT {KEY_LIST} FROM f.pick);"
    work = {
        "1,000 updates": [update], "the same again": [update, update],
        "1,000 INSERT OR REPLACE": [f"INSERT OR REPLACE INTO trade SELECT {', '.join(COLUMNS)}, NULL FROM f.pick;"],
        "1,000 deletions": [delete], "update of every row": ["UPDATE trade SET value = value + 1;"],
    }
    for name, statements in triggers.items():
        shell(f"{path}.{name}", ".output /dev/null", OFF, *PRAGMAS, WITH_REV + ";", *statements, attach, bulk)

    def change(name, what, *commands):
        remove(path)
        shutil.copy(f"{path}.{name}", path)
        output = shell(path, ".output /dev/null", *commands, *PRAGMAS, attach, *work[what][:-1], ".output stdout",
                       ".timer on", work[what][-1]).output
        return float(re.findall(r"real (\S+)", output)[-1]) * 1000

    found = []
    for what in work:
        times = {"no triggers": [], "off": [], "on": [], "on, old image as JSON": []}
        for _ in range(several(rows)):
            times["no triggers"].append(change("no triggers", what))
            times["off"].append(change("columns", what, OFF))
            times["on"].append(change("columns", what))
            times["on, old image as JSON"].append(change("JSON", what))
        found.append([what, *(statistics.median(of) for of in times.values())])
    report.table("Triggers: changes by another tool, milliseconds of the statement", ["work", *times], found)
