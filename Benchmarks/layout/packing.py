"""How lines pack with zstd: level, length, order, single edits, dictionaries."""

import statistics

from common.ratios import Clock
from common.rows import Draw, batches
from layout.files import in_parts, several
from layout.lines import Log, by_column, imported, narrow, revised
from layout.zstd import Compressor, train

LEVELS = [1, 3, 6, 9, 12, 15, 19]
GROUP = "0d5c9a0e-57aa-4f0b-9a7c-6c1b7a3e2f10"




def levels(rows):
    """The slow ones only where figures count."""
    return LEVELS if several(rows) > 1 else LEVELS[:3]


def lines_of(rows, size):
    log = Log(Draw(3))
    return [log.line(imported(part), "import trade.csv", GROUP, "import") for part in in_parts(rows, size)]


def packed(lines, level, **options):
    """The packed lines and the seconds that packing took."""
    compress = Compressor(level, **options)
    clock = Clock()
    result = [compress(line) for line in lines]
    return result, clock.took().wall


def total(packed_lines):
    return sum(map(len, packed_lines))


def compression(rows, plain_bytes, plain_seconds, report):
    found = []

    def add(name, lines, level, repeat=1, **options):
        if level is None:
            size, seconds = total(lines), None
        else:
            runs = [packed(lines, level, **options) for _ in range(repeat)]
            size, seconds = total(runs[0][0]), statistics.median(took for _, took in runs)
        found.append([name, seconds and seconds / len(rows) * 1e7, seconds and seconds / plain_seconds,
                      size / len(rows), size / plain_bytes])

    orders = {
        "file order": rows, "sorted by line": batches(rows, 10_000), "all sorted": sorted(rows, key=lambda r: r[:6])}
    for order, ordered in orders.items():
        lines = lines_of(ordered, 10_000)
        add(f"10,000 rows, {order}, not packed", lines, None)
        for level in levels(rows) if order != "file order" else [3, 9]:
            add(f"10,000 rows, {order}, level {level}", lines, level, several(rows) if level < 12 else 1)
        if order != "file order":
            add(f"10,000 rows, {order}, level 9 --long", lines, 9, long=True)
            joined = [b"\n".join(lines[start:start + 8]) for start in range(0, len(lines), 8)]
            add("eight such lines in one frame, level 9 --long", joined, 9, long=True)
            columns = [by_column(imported(part)) for part in in_parts(ordered, 10_000)]
            for level in (3, 9):
                add(f"10,000 rows, {order}, by column, level {level}", columns, level)
    for size in (1_000, 100):
        lines = lines_of(rows, size)
        for level in (3, 9):
            add(f"{size:,} rows, file order, level {level}", lines, level)
    report.table(
        "Log: lines packed with zstd", ["lines", "ms per 10,000 rows", "time", "bytes per row", "size"], found,
        "time and size against plain's; in memory, without the table of the log. By column: for the record, without "
        "the time that turning rows into columns takes.")


def small_edits(rows, report):
    draw = Draw(5)
    picks = [rows[draw.below(len(rows))] for _ in range(2000)]
    log = Log(draw)
    singles = [log.line(revised([row], draw), None) for row in picks]
    # The dictionary is made from other people's lines in other datasets, about other rows.
    names = "jun ada li omar eva tomo ines bo".split() * 5
    others = [Log(draw, name, f"{name}-desk") for name in names]
    samples = [others[i % 40].line(revised([rows[draw.below(len(rows))]], draw), None) for i in range(4000)]
    found = [["one edit a line, not packed", total(singles) / len(singles)]]
    for size in (0, 4, 16):
        dictionary = train(samples, size * 1024) if size else None
        for level in (3, 9, 19):
            result, _ = packed(singles, level, dictionary=dictionary)
            of = f"dictionary of {size} KiB" if size else "no dictionary"
            found.append([f"one edit a line, level {level}, {of}", total(result) / len(result)])
    for count in (10, 100):
        joined = [b"\n".join(singles[start:start + count]) for start in range(0, len(singles), count)]
        for level in (3, 19):
            result, _ = packed(joined, level)
            found.append([f"{count} such lines in one frame, level {level}", total(result) / len(singles)])
    report.table("Log: single edits, bytes a line", ["lines", "bytes"], found)
    changed(list({row[:6]: row for row in picks}.values())[:1000], log, draw, report)


def changed(picks, log, draw, report):
    """One changeset of a thousand edits, as a statement of SQL or a script leaves it."""
    notes = [[row[:6], "checked"] for row in sorted(picks, key=lambda row: row[:6])]
    edits = {
        "value, so its statement of six": revised(picks, draw),
        "the same, value, unit and status only": revised(narrow(picks), draw),
        "note, one text": [{"kind": "trade", "op": "set", "fields": ["note"], "rows": notes}],
    }
    found = []
    for name, of in edits.items():
        line = log.line(of, None)
        found.append([f"{name}, not packed", len(line), None])
        for level in LEVELS:
            result, seconds = packed([line], level)
            found.append([f"{name}, level {level}", total(result), seconds * 1000])
        found.append([f"{name}, by column, level 9", len(Compressor(9)(by_column(of))), None])
    report.table(
        f"Log: {len(picks):,} random edits of one field in one changeset", ["field", "bytes", "ms"], found)
