"""Times against a baseline that takes turns with what is measured: machines are noisy, only ratios count."""

import json
import os
import re
import resource
import shutil
import statistics
import sys
import time


class Took:
    """Wall and processor seconds, and what else a run found out (bytes, …).

    Processor time is that of this process and of the programs it has waited for.
    """

    def __init__(self, wall, processor, **found):
        self.wall, self.processor, self.found = wall, processor, found

    def __getattr__(self, name):
        return self.found[name]


class Clock:
    def __init__(self):
        self.wall, self.processor = time.perf_counter(), self._used()

    @staticmethod
    def _used():
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in used)

    def took(self, **found):
        return Took(time.perf_counter() - self.wall, self._used() - self.processor, **found)


def compare(baseline, variants, runs=3):
    """Runs each variant right before or right after the baseline, `runs` times, in alternating order.

    Returns, per variant, the list of pairs (baseline's Took, variant's Took).
    """
    pairs = {name: [] for name in variants}
    for run in range(runs):
        names = list(variants) if run % 2 == 0 else list(reversed(variants))
        for start in range(0, len(names), 2):
            before = variants[names[start]]()
            base = baseline()
            pairs[names[start]].append((base, before))
            if names[start + 1:start + 2]:
                pairs[names[start + 1]].append((base, variants[names[start + 1]]()))
    return pairs


def ratio(pairs, value=lambda took: took.wall):
    """The median of the ratios of the pairs."""
    return statistics.median(value(b) / max(value(a), 1e-9) for a, b in pairs)


def figure(cell):
    """A cell of a table as text: thousands separated, two decimals where they tell anything."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.0f}" if cell >= 100 else f"{cell:.2f}"


class Report:
    """Prints aligned tables, and writes every line of them as JSON where a file is given."""

    def __init__(self, path=None, pattern=""):
        self.file = open(path, "w") if path else None
        self.pattern = pattern

    def chosen(self, variants):
        """Those whose name has the pattern."""
        return {name: variant for name, variant in variants.items() if re.search(self.pattern, name)}

    def table(self, title, columns, lines, note=None, **also):
        """`lines` are lists: a text, then numbers, texts or None as `columns` names them.

        `also` goes to the file only.
        """
        if not lines:
            return
        cells = [columns] + [[figure(cell) for cell in line] for line in lines]
        widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
        print(f"\n{title}")
        for first, *others in cells:
            print("  ".join([first.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(others, widths[1:]))]))
        if note:
            print(note)
        sys.stdout.flush()
        for line in lines if self.file else []:
            json.dump({"table": title, **also, **dict(zip(columns, line))}, self.file, ensure_ascii=False)
            self.file.write("\n")
            self.file.flush()


def need(*programs):
    """Ends with what to install where a program is missing."""
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        sys.exit(f"{os.path.basename(sys.argv[0])}: missing: {' '.join(missing)}. "
                 f"Install with: apt-get install {' '.join(missing)}")
