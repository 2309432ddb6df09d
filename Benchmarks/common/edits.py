"""Edits that are scattered over a dataset."""

from common.rows import COLUMNS, KEY, Draw


def scattered(records, count):
    """For each of two people `count` records, none of both, with the value revised by up to 5 %: (value, *key)."""
    draw, chosen, place = Draw(3), {}, COLUMNS.index("value")
    while len(chosen) < 2 * count:
        record = records[draw.below(len(records))]
        value = record[place] * (0.95 + 0.1 * draw.random())
        chosen[record[:len(KEY)]] = round(value, 0 if record[place] == int(record[place]) else 2)
    edits = [(value, *key) for key, value in chosen.items()]
    return edits[:count], edits[count:]
