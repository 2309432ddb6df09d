"""Changesets as lines (DESIGN.md section 5), made from rows; signatures, hashes and ids are random, as they look."""

import base64
import json

from common.rows import COLUMNS, NUMBERS, SETS, plain_number

STATEMENTS = [
    ("value", "unit", "valuation", "status", "released", "confidentiality"),
    ("quantity", "quantity_unit", "quantity_status"), ("net_weight_kg",), ("note",),
]
PLACES = [[COLUMNS.index(name) for name in statement] for statement in STATEMENTS]
SET_PLACES = [(name, COLUMNS.index(name)) for name in sorted(SETS)]
NUMBER_PLACES = {COLUMNS.index(name) for name in NUMBERS}
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Log:
    """The lines of one replica of one dataset."""

    def __init__(self, draw, author="mina", machine="mina-laptop"):
        self.draw, self.seq, self.before = draw, 0, None
        self.dataset, self.author, self.machine = self.uuid(), author, machine
        self.replica = base64.b32encode(self.bytes(10)).decode().lower()

    def bytes(self, count):
        return bytes(self.draw.below(256) for _ in range(count))

    def uuid(self):
        text = self.bytes(16).hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def line(self, edits, message, group=None, by=None):
        self.seq += 1
        # A changeset every few minutes; the milliseconds are as random as they come.
        seconds = self.seq * 211 + self.draw.below(150)
        whole = {"format": 1, "dataset": self.dataset, "replica": self.replica, "seq": self.seq}
        if self.before:
            whole["prev"] = self.before
        whole |= {
            "seen": {}, "at": f"2024-{seconds // 2419200 % 12 + 1:02d}-{seconds // 86400 % 28 + 1:02d}T"
            f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{self.draw.below(1000):03d}Z",
            "author": self.author, "machine": self.machine}
        if message:
            whole["message"] = message
        if group:
            whole["group"] = {"id": group, "part": self.seq}
        if by:
            whole["by"] = by
        whole["edits"] = edits
        whole["sig"] = base64.urlsafe_b64encode(self.bytes(64)).decode()[:86]
        self.before = self.bytes(32).hex()
        return compact(whole).encode()


def imported(rows):
    """The edits that add the rows: grouped by what is set, each group in the order of `rows`."""
    sets, adds = {}, {}
    for row in rows:
        given = tuple(
            number for number, places in enumerate(PLACES) if any(row[place] is not None for place in places))
        values = [
            plain_number(row[place]) if place in NUMBER_PLACES and row[place] is not None else row[place]
            for number in given for place in PLACES[number]]
        sets.setdefault(given, []).append([row[:6], *values])
        for name, place in SET_PLACES:
            if row[place] is not None:
                adds.setdefault(name, []).append([row[:6], *json.loads(row[place])])
    edits = [
        {"kind": "trade", "op": "set", "fields": [name for number in given for name in STATEMENTS[number]],
         "rows": found} for given, found in sets.items()]
    edits.sort(key=lambda edit: ",".join(edit["fields"]))
    return edits + [{"kind": "trade", "op": "add", "field": name, "rows": adds[name]} for name in sorted(adds)]


def revised(rows, draw):
    """The edits that revise the value of each row, and so state its statement anew."""
    values = []
    for row in sorted(rows, key=lambda row: row[:6]):
        new = [row[place] for place in PLACES[0]]
        new[0] = plain_number(round(new[0] * (0.9 + 0.2 * draw.random())))
        values.append([row[:6], *new])
    return [{"kind": "trade", "op": "set", "fields": list(STATEMENTS[0]), "rows": values}]


def narrow(rows):
    """The same rows with value, unit and status only, as people type them."""
    return [row[:8] + (None, row[9]) + (None,) * 9 for row in rows]


def by_column(edits):
    """The rows of edits column by column, equal neighbours in a key left out: what packing could do if it knew rows."""
    columns = []
    for edit in edits:
        rows = edit["rows"]
        for place in range(6):
            keys = [row[0][place] for row in rows]
            columns.append("\n".join(
                "" if before == key else key for before, key in zip([None, *keys], keys)))
        for place in range(1, max(map(len, rows))):
            columns.append("\n".join(compact(row[place]) if place < len(row) else "" for row in rows))
    return "\0".join(columns).encode()
