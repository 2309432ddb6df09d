"""Runs programs and says how long they took and how much memory they held at their peak."""

import os
import re
import subprocess
import tempfile
import threading
import time

from common.ratios import Took


def run(*command, input=None, output=None, peak=False):
    """Runs to the end; a program that fails ends the benchmark with what it said.

    `peak`: also the largest resident set, in MiB. GNU time starts the program for that: what a large process starts by
    itself counts, to Linux, with the memory of the large one.
    """
    if peak:
        with tempfile.NamedTemporaryFile("r") as found:
            took = run("time", "-q", "-f", "%M", "-o", found.name, *command, input=input, output=output)
            took.found["peak"] = int(found.read()) / 1024
            return took
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        given.write((input or "").encode())
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=given, stdout=output or subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {errors.read().decode()[-400:]}")
    return Took(wall, usage.ru_utime + usage.ru_stime)


def text(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


class Hub:
    """`tally-hub serve` on a free port of the loopback, stopped at the end of `with`."""

    def __init__(self, program, data):
        self.program, self.data = program, data

    def __enter__(self):
        self.log = open(f"{self.data}.log", "w")
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", "0"], stdout=subprocess.PIPE, stderr=self.log,
            text=True)
        for line in self.process.stdout:
            if found := re.match(r"Listening on (\S+)", line):
                self.url = found[1]
                # Whatever else it prints must not fill the pipe.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        raise SystemExit(f"The hub does not start: {open(self.log.name).read()[-400:]}")

    def token(self, dataset):
        return text(self.program, "token", "create", "--data", self.data, "--name", "bench", "--dataset", dataset,
                    "--role", "admin").split()[-1]

    def peak(self):
        """The largest resident set so far, in MiB."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def desks(counts):
    """For each count of rows, that count and a temporary folder, with settings and keys of its own, gone at the end.

    Programs that are started meanwhile run as the analyst bench there.
    """
    for name in ("TALLY_FILE", "TALLY_TOKEN", "TALLY_REPLICAS"):
        os.environ.pop(name, None)
    os.environ |= {"TALLY_AUTHOR": "bench", "TALLY_MACHINE": "bench"}
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            os.environ |= {"XDG_CONFIG_HOME": f"{folder}/config", "XDG_DATA_HOME": f"{folder}/data"}
            yield count, folder
