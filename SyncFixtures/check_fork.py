#!/usr/bin/env python3
"""Repairs the log of fork.json as DESIGN.md section 6 says, apart from Tally, and compares. Wants `cryptography`.

    python3 SyncFixtures/check_fork.py
"""
import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CUT = len(',"sig":"') + 86 + len('"}')
ORDER = "at author machine message group by edits".split()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(line):
    return line[:-CUT] + "}"


def digest(line):
    return hashlib.sha256(unsigned(line).encode()).digest()


class Repair:
    def __init__(self, replica, point):
        self.forked, self.point = replica, point
        self.vectors = {}      # old replica: everything its lines have seen so far
        self.successors = {}   # old replica: (first seq, new replica, key)
        self.heads = {}        # new log, (replica, seq): hash
        self.named = {}        # new log, replica: what its lines have named so far

    def concerns(self, replica, seq, vector):
        first = {self.forked: self.point + 1} | {old: s[0] for old, s in self.successors.items()}
        return any((seq if replica == old else vector.get(old, 0)) >= at for old, at in first.items())

    def take(self, line):
        """The line as it stands in the new log."""
        members = json.loads(line)
        replica, seq = members["replica"], members["seq"]
        vector = self.vectors.setdefault(replica, {})
        vector |= {name: at for name, (at, _) in members["seen"].items()}
        if self.concerns(replica, seq, vector):
            line = self.rewritten(line, members, dict(vector))
            members = json.loads(line)
        self.heads[members["replica"], members["seq"]] = digest(line).hex()
        return line

    def rewritten(self, line, members, vector):
        replica, seq = members["replica"], members["seq"]
        if replica not in self.successors:
            key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"tally-fork-1" + digest(line)).digest())
            public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            name = base64.b32encode(hashlib.sha256(public).digest()).decode().lower()[:16]
            self.successors[replica] = (seq, name, key)
        first, name, key = self.successors[replica]
        vector[replica] = first - 1
        for old, (at, new, _) in self.successors.items():
            if vector.get(old, 0) >= at:
                vector[new], vector[old] = vector[old] - at + 1, at - 1
        named = self.named.setdefault(name, {})
        news = {r: s for r, s in sorted(vector.items()) if s > named.get(r, 0) and r != name}
        named |= news
        number = seq - first + 1
        out = {"format": 1, "dataset": members["dataset"], "replica": name, "seq": number}
        if number > 1:
            out["prev"] = self.heads[name, number - 1]
        out["seen"] = {r: [s, self.heads[r, s]] for r, s in news.items()}
        out["was"] = digest(line).hex()
        out |= {m: members[m] for m in ORDER if m in members}
        if number == 1:
            out["key"] = b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        # The fixture's lines are written as json.dumps writes them, so that their strings need no care here.
        text = json.dumps(out, ensure_ascii=False, separators=(",", ":"))
        return text[:-1] + ',"sig":"' + b64(key.sign(text.encode())) + '"}'


fixture = json.loads((pathlib.Path(__file__).parent / "fork.json").read_text())
repair = Repair(fixture["fork"]["replica"], fixture["fork"]["point"])
repaired = [repair.take(line) for line in fixture["log"]]
for number, (mine, theirs) in enumerate(zip(repaired, fixture["repaired"], strict=True)):
    if mine != theirs:
        sys.exit(f"line {number} differs:\n{mine}\n{theirs}")
print(f"{len(repaired)} lines, {len(repair.successors)} replicas replaced: the same")
