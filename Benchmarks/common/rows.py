"""Trade records shaped like Comtrade's, the same at every run.

Series (source, reporter, partner, flow, product) are drawn with the skew of trade: few partners and products make up
most of it. Each is observed in seven months of ten from 2019 to 2023. Rows come in the order of publication: by period,
within it file by file as reporters deliver, within a file by flow, product, partner; so never in the order of the key.
"""

import csv
import itertools
import json
import random

KEY = ["reporter", "partner", "flow", "product", "period", "source"]
FIELDS = [
    "value", "unit", "valuation", "status", "released", "confidentiality", "quantity", "quantity_unit",
    "quantity_status", "net_weight_kg", "note", "tags", "citations",
]
NUMBERS = {"value", "quantity", "net_weight_kg"}
SETS = {"tags", "citations"}
COLUMNS = KEY + FIELDS

REPORTERS = (
    "KOR CHN USA JPN DEU VNM SGP NLD IND MEX FRA ITA GBR CAN MYS THA IDN BRA AUS TUR ESP POL BEL CHE ARE SAU RUS ZAF "
    "PHL CZE HUN SWE AUT CHL PER NZL ARG KAZ UZB MNG"
).split()
EUROSTAT = set("DEU NLD FRA ITA ESP POL BEL CZE HUN SWE AUT".split())
PERIODS = [f"{year}-{month:02d}" for year in range(2019, 2024) for month in range(1, 13)]


class Draw(random.Random):
    """Only random(), whose sequence Python guarantees for a seed, is used."""

    def below(self, count):
        return int(self.random() * count)

    def skewed(self, items):
        """The first items much more often than the last."""
        return items[int(len(items) * self.random() ** 2.5)]


def areas(schema):
    codes = json.load(open(f"{schema}/codes/area.json"))["codes"]
    countries = [code["code"] for code in codes if code["kind"] == "country"]
    return ["WLD"] + REPORTERS + [code for code in countries if code not in REPORTERS]


def products(draw):
    """TOTAL, chapters, and 5,000 subheadings; the most traded first."""
    codes = dict.fromkeys(
        f"H6:{chapter:02d}{draw.below(20) + 1:02d}{draw.below(9) + 1}{draw.skewed('0019')}"
        for chapter in range(1, 98) for _ in range(80))
    detail = sorted(codes, key=lambda _: draw.random())
    return ["TOTAL"] + [f"H6:{chapter:02d}" for chapter in (85, 84, 87, 27, 39, 72, 90, 29)] + detail[:5000]


def series(count, schema):
    """Distinct (source, reporter, partner, flow, product), with what is constant about each."""
    draw = Draw(1)
    partners, goods = areas(schema), products(draw)
    found = {}
    korean = []
    while len(found) < count:
        kind = draw.random()
        flow = draw.skewed(["RX", "RM"]) if draw.random() < 0.06 else "XM"[draw.below(2)]
        partner = draw.skewed(partners)
        if kind < 0.78:
            key = ("comtrade", draw.skewed(REPORTERS), partner, flow, draw.skewed(goods))
        elif kind < 0.90:
            # The national office publishes much of what Comtrade has, too.
            own = korean[draw.below(len(korean))][2:] if korean and draw.random() < 0.6 else None
            key = ("kosis", "KOR", *(own or (partner, flow, draw.skewed(goods))))
        elif kind < 0.98:
            key = ("eurostat", draw.skewed(sorted(EUROSTAT)), partner, flow, draw.skewed(goods))
        else:
            key = ("motie", "KOR", partner, flow, goods[draw.below(9)])
        if key in found or key[1] == key[2]:
            continue
        if key[:2] == ("comtrade", "KOR"):
            korean.append(key)
        size = 10 ** (3 + 6 * draw.random() * draw.random() + (2 if key[4] == "TOTAL" else 0))
        detailed = len(key[4]) > 5
        unit = draw.skewed(["kg", "u", "l", "m2", "2u", "kWH"]) if detailed and draw.random() < 0.85 else None
        found[key] = (size, 0.5 + 40 * draw.random() ** 3, unit, detailed and draw.random() < 0.9)
    return found


def released(period, days):
    year, month = int(period[:4]), int(period[5:])
    month += 1 + days // 28
    return f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-{days % 28 + 1:02d}"


def observation(draw, source, flow, period, about, date):
    """The fields of one record."""
    size, per_kg, unit, weighed = about
    value = size * (0.6 + 0.8 * draw.random())
    if source == "motie":
        value = round(value / 1e7 + 1) * 1e7
    elif source == "kosis":
        value = round(value / 1e3 + 1) * 1e3
    else:
        value = round(value, 0 if draw.random() < 0.6 else 2)
    weight = round(value / per_kg, 0 if draw.random() < 0.5 else 3) if weighed else None
    quantity = weight if unit == "kg" else round(value / per_kg / 7) if unit else None
    chance = draw.random()
    status = "P" if period > "2023-09" else "E" if chance < 0.05 else None if chance < 0.12 else "A"
    return (
        value, "EUR" if source == "eurostat" else "USD",
        None if chance > 0.97 else "CIF" if flow in ("M", "RM") else "FOB", status, date,
        "F" if source == "eurostat" else None, quantity, unit if quantity is not None else None,
        None if quantity is None else "E" if draw.random() < 0.1 else "A", weight,
        f"Checked against table {draw.below(900) + 100} of the yearbook." if draw.random() < 0.01 else None,
        json.dumps(["checked"] if draw.random() < 0.7 else ["asked", "disputed"], separators=(",", ":"))
        if draw.random() < 0.005 else None,
        json.dumps([f"Monthly bulletin {period}, p. {draw.below(90) + 1}"]) if draw.random() < 0.003 else None,
    )


def rows(count, schema):
    """`count` tuples in the order of COLUMNS, numbers as float, sets as JSON; no key twice."""
    known = series(max(60, count * 10 // (len(PERIODS) * 7)), schema)
    draw = Draw(2)
    files = {}
    for key in sorted(known, key=lambda key: (key[0], key[1], key[3], key[4], key[2])):
        files.setdefault(key[:2], []).append(key)
    left, slots, result = count, len(known) * len(PERIODS), []
    for period in PERIODS:
        for name in sorted(files, key=lambda _: draw.random()):
            date = released(period, 35 + draw.below(120))
            for key in files[name]:
                # Knuth's selection sampling: exactly `count` of the slots, evenly.
                if draw.random() * slots < left:
                    source, reporter, partner, flow, product = key
                    left -= 1
                    fields = observation(draw, source, flow, period, known[key], date)
                    result.append((reporter, partner, flow, product, period, source, *fields))
                slots -= 1
    return shared(result)


def shared(records):
    """The same records, equal texts being one object: a million of them then fit in memory."""
    texts = {}
    return [tuple(texts.setdefault(v, v) if type(v) is str else v for v in record) for record in records]


def plain_number(number):
    return int(number) if number == int(number) else number


def write_csv(records, path, plain_sets=False):
    """Set fields as Tally's CSV has them, elements separated by `;`."""
    first_set = min(COLUMNS.index(name) for name in SETS)
    numbers = [COLUMNS.index(name) for name in NUMBERS]
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in records:
            cells = list(record)
            for index in numbers:
                if cells[index] is not None:
                    cells[index] = plain_number(cells[index])
            for index in range(first_set, len(cells)):
                if cells[index] is not None:
                    cells[index] = ";".join(json.loads(cells[index]))
            writer.writerow(cells)


def batches(records, size):
    """Each batch of `size` sorted by key, as changesets are."""
    return list(itertools.chain.from_iterable(
        sorted(records[start:start + size], key=lambda record: record[:6])
        for start in range(0, len(records), size)))
