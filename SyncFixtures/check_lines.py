#!/usr/bin/env python3
"""Checks SyncFixtures/lines without any of Tally's code: keys, replica ids, hashes, signatures, chains, values.

Needs the package `cryptography`. Prints what was checked; ends with 1 where something differs.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LINES = pathlib.Path(__file__).parent / "lines"
TAIL = re.compile(rb',"sig":"([A-Za-z0-9_-]{86})"}\Z')
faults = []


def check(what, holds):
    if not holds:
        faults.append(what)


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def load(name):
    return json.loads((LINES / name).read_text(encoding="utf-8"))


def strict_object(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a member stands twice")
    return dict(pairs)


def split(line):
    """The bytes that are hashed and signed, and the signature; None where the line does not end as it must."""
    match = TAIL.search(line)
    if not match:
        return None
    signature = base64url(match[1].decode())
    if base64.urlsafe_b64encode(signature).rstrip(b"=") != match[1]:
        return None  # Python's decoder takes spare bits that are not 0.
    return line[: match.start()] + b"}", signature


def verifies(public_key, line):
    parts = split(line)
    if parts is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(parts[1], parts[0])
    except InvalidSignature:
        return False
    return True


def replica_id(public_key):
    return base64.b32encode(hashlib.sha256(public_key).digest()).decode().lower()[:16]


def plain(value):
    """Numbers as the double that they are, so that 1.248e11 equals 124800000000."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value


def edits(line_or_list):
    """The edits without members that mean nothing yet."""
    known = ("kind", "op", "field", "fields", "rows")
    return [{name: plain(edit[name]) for name in known if name in edit} for edit in line_or_list]


def check_keys():
    keys = {}
    for entry in load("keys.json")["keys"]:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(entry["seed"]))
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        check(f"{entry['name']}: public key", public == base64url(entry["public_key"]))
        check(f"{entry['name']}: replica id", replica_id(public) == entry["replica"])
        keys[entry["name"]] = (private, public, entry["replica"])
    return keys


def check_valid(keys):
    publics = {replica: public for _, public, replica in keys.values()}
    privates = {replica: private for private, _, replica in keys.values()}
    lines = (LINES / "valid.jsonl").read_bytes().split(b"\n")[:-1]
    entries = load("valid.json")["lines"]
    check("valid: as many lines as entries", len(lines) == len(entries))
    heads, hashes, dataset = {}, {}, load("keys.json")["dataset"]
    for entry, line in zip(entries, lines):
        name, replica = entry["name"], entry["replica"]
        unsigned, signature = split(line)
        digest = hashlib.sha256(unsigned).hexdigest()
        check(f"{name}: hash", digest == entry["hash"])
        check(f"{name}: signature", verifies(publics[replica], line))
        check(f"{name}: signature text", base64url(entry["signature"]) == signature)
        check(f"{name}: signed alike", privates[replica].sign(unsigned) == signature)
        json.loads(unsigned, object_pairs_hook=strict_object)
        members = json.loads(line, object_pairs_hook=strict_object)
        check(f"{name}: dataset", members["dataset"] == dataset)
        check(f"{name}: revision", (members["replica"], members["seq"]) == (replica, entry["seq"]))
        check(f"{name}: prev", members.get("prev") == heads.get(replica))
        check(f"{name}: key in seq 1 only", ("key" in members) == (entry["seq"] == 1))
        if "key" in members:
            check(f"{name}: key", base64url(members["key"]) == publics[replica])
        for other, (seq, seen) in members["seen"].items():
            check(f"{name}: seen", other != replica and hashes.get((other, seq)) == seen)
        check(f"{name}: edits", edits(members["edits"]) == edits(entry["edits"]))
        heads[replica] = hashes[(replica, entry["seq"])] = digest
    return [entry["name"] for entry in entries]


def case_bytes(case):
    if "line" in case:
        return case["line"].encode()
    if "base64" in case:
        return base64.b64decode(case["base64"])
    text = []
    for piece in case["pieces"]:
        if isinstance(piece, str):
            text.append(piece)
        elif "{n}" in piece["repeat"]:
            text += [piece["repeat"].replace("{n}", str(n)) for n in range(piece["from"], piece["to"] + 1)]
        else:
            text.append(piece["repeat"] * (piece["to"] - piece["from"] + 1))
    return "".join(text).encode()


def check_cases(file, keys, names):
    """That a case is signed rightly, and so fails for its own reason and not for its signature."""
    cases = load(file)["cases"]
    for case in cases:
        name, line = case["name"], case_bytes(case)
        if "signer" in case:
            check(f"{name}: signature", verifies(keys[case["signer"]][1], line))
        else:
            signed = any(verifies(public, line) and f'"{replica}"'.encode() in line
                         for _, public, replica in keys.values())
            check(f"{name}: is signed rightly", not signed or case["answer"]["word"] == "accepted")
        check(f"{name}: context", all(other in names for other in case.get("context", [])))
        check(f"{name}: reason", "reason" in case["answer"] or case["answer"]["word"] == "accepted")
    return len(cases)


def main():
    keys = check_keys()
    names = check_valid(keys)
    counts = [check_cases(file, keys, names) for file in ("malformed.json", "bounds.json")]
    for fault in faults:
        print(f"differs: {fault}")
    print(f"{len(keys)} keys, {len(names)} valid lines, {counts[0]} malformed lines, "
          f"{counts[1]} lines at a bound: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
