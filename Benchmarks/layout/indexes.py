"""What secondary indexes cost, and what they bring to the questions of the field."""

import sqlite3
import statistics

from common.ratios import Clock, compare, ratio
from common.rows import batches
from layout.files import INSERT_REV, PLAIN, WITH_REV, fill, several

INDEXES = {
    "partner, product": ["partner", "product"],
    "product": ["product"],
    "partner": ["partner"],
    "period": ["period"],
    "source": ["source"],
}
SUM = "SELECT count(*), sum(value) FROM trade WHERE "
QUESTIONS = {
    "reporter + partner (front of the key)": "SELECT period, flow, sum(value) FROM trade "
    "WHERE reporter = 'KOR' AND partner = 'CHN' AND product = 'TOTAL' GROUP BY 1, 2",
    "mirror of a pair": "SELECT count(*), sum(a.value - b.value) FROM trade a JOIN trade b ON b.reporter = a.partner "
    "AND b.partner = a.reporter AND b.product = a.product AND b.period = a.period AND b.flow = 'M' "
    "WHERE a.reporter = 'KOR' AND a.partner = 'CHN' AND a.flow = 'X'",
    "all of one partner": SUM + "partner = 'VNM'",
    "one partner and product": SUM + "partner = 'VNM' AND product = 'H6:85'",
    "one product over time": "SELECT period, flow, sum(value) FROM trade WHERE product = 'H6:27' GROUP BY 1, 2",
    "one reporter and product": SUM + "reporter = 'KOR' AND product = 'H6:27'",
    "one period": "SELECT reporter, sum(value) FROM trade WHERE period = '2022-06' GROUP BY 1",
    "one reporter and period": "SELECT partner, sum(value) FROM trade WHERE reporter = 'KOR' AND period = '2022-06' "
    "AND flow = 'X' AND product = 'TOTAL' GROUP BY 1 ORDER BY 2 DESC",
    "a small source": SUM + "source = 'motie'",
    "the whole table": "SELECT count(*), sum(value) FROM trade",
}


def index(columns):
    return f"CREATE INDEX trade_{'_'.join(columns)} ON trade ({', '.join(columns)})"


ANALYZE = ["PRAGMA analysis_limit = 1000", "ANALYZE"]


def milliseconds(path, question):
    """The median of five, pages in the system's cache, plan made anew."""
    times = []
    for _ in range(5):
        db = sqlite3.connect(path)
        clock = Clock()
        db.execute(question).fetchall()
        times.append(clock.took().wall * 1000)
        db.close()
    return statistics.median(times)


def plan(path, question):
    db = sqlite3.connect(path)
    steps = [row[3].split("(")[0].strip() for row in db.execute("EXPLAIN QUERY PLAN " + question)]
    text = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + question)][0]
    db.close()
    return "skip" if "ANY(" in text else "scan" if steps[0].startswith("SCAN") else "seek"


def measure(rows, csv, folder, report):
    sorted_rows = batches(rows, 10_000)
    path, base = f"{folder}/layout.db", f"{folder}/plain.db"

    def baseline():
        return fill(base, rows, PLAIN)

    def clustered(*indexes, after=()):
        return lambda: fill(path, sorted_rows, [WITH_REV, *indexes], INSERT_REV, after=after)

    variants = {"clustered, no index": clustered(), "clustered, ANALYZE": clustered(after=ANALYZE)}
    variants["plain, ANALYZE"] = lambda: fill(path, rows, PLAIN, after=ANALYZE)
    for name, columns in INDEXES.items():
        variants[f"clustered, index ({name})"] = clustered(index(columns))
        variants[f"clustered, ({name}) made at the end"] = clustered(after=[index(columns)])
        variants[f"plain, index ({name})"] = lambda columns=columns: fill(path, rows, [PLAIN, index(columns)])
    pairs = compare(baseline, report.chosen(variants), several(rows))
    report.table(
        "Indexes: insert in one transaction and close", ["layout", "time", "processor", "size"],
        [[name, ratio(of), ratio(of, lambda t: t.processor), ratio(of, lambda t: t.bytes)]
         for name, of in pairs.items()])

    files = {
        "clustered": clustered(), "ANALYZE": clustered(after=ANALYZE),
        **{f"({name})": clustered(after=[index(columns)]) for name, columns in INDEXES.items()},
    }
    baseline()
    found = {}
    for name, make in files.items():
        make()
        for question, sql in QUESTIONS.items():
            plain = found.setdefault(("plain", question), f"{milliseconds(base, sql):.1f}")
            found[name, question] = f"{milliseconds(path, sql):.1f} {plan(path, sql)}"
    columns = ["plain", *files]
    report.table(
        "Questions: milliseconds, and whether the plan is a scan, a seek or a skip-scan", ["question", *columns],
        [[question, *(found[column, question] for column in columns)] for question in QUESTIONS])
