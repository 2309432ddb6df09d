"""Edits that are scattered over a dataset."""

from common.rows import KEY, Draw


def scattered(records, count):
    """For each of two people `count` records, none of both, and a new value for each: (value, *key)."""
    draw, chosen = Draw(3), {}
    while len(chosen) < 2 * count:
        chosen[draw.below(len(records))] = round(10 ** (3 + 8 * draw.random()), 2)
    edits = [(value, *records[index][:len(KEY)]) for index, value in chosen.items()]
    return edits[:count], edits[count:]
