"""Makes the first corpus of a target from the fixtures: corpus.py TARGET FOLDER, at the top of the project."""

import base64
import gzip
import hashlib
import json
import pathlib
import random
import sys

FIXTURES = pathlib.Path("SyncFixtures")
MAXIMUM_BYTES = 32 * 1024


def lines():
    yield from (FIXTURES / "lines/valid.jsonl").read_bytes().splitlines()
    for name in ("malformed", "bounds"):
        for case in json.loads((FIXTURES / f"lines/{name}.json").read_text())["cases"]:
            if "line" in case:
                yield case["line"].encode()
            elif "base64" in case:
                yield base64.b64decode(case["base64"])


def exchanges():
    for path in sorted((FIXTURES / "exchanges").glob("*.json")):
        for step in json.loads(path.read_text())["steps"]:
            yield step["request"], step["answer"]


def talk(first, headers, body):
    head = [first] + [f"{name}: {value}" for name, value in headers]
    return "\n".join(head).encode() + b"\n\n" + body


def messages():
    cursor = "11111111-2222-4333-8444-555555555555.3.0123456789abcdef"
    head = {"seq": 3, "hash": "ab" * 32}
    heads = {
        "dataset": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "name": "korea", "format": 1,
        "epoch": "e", "cursor": cursor, "heads": {"cc5gqlek2e2rhfy6": head},
    }
    pushed = {"accepted": 1, "duplicates": 0, "cursor": cursor, "heads": heads["heads"]}
    problem = {
        "type": "urn:tally:problem:gap", "title": "t", "status": 409, "detail": "d", "line": 1,
        "replica": "cc5gqlek2e2rhfy6", "expected": 3,
    }
    yield cursor.encode()
    for message in (heads, pushed, problem, {"datasets": [{"name": "korea"}]}):
        body = json.dumps(message).encode()
        yield body
        status = 409 if message is problem else 200
        yield talk(f"HTTP {status}", [("Content-Type", "application/json")], body)
    yield talk("HTTP 503", [("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT")], b"<html>")
    yield talk("HTTP 429", [("Retry-After", "120"), ("Date", "Wed, 21 Oct 2026 07:28:00 GMT")], b"")
    page = [("Tally-Cursor", cursor), ("Tally-Epoch", "e"), ("Tally-More", "false")]
    yield talk("HTTP 200", page, b"\n".join(list(lines())[:2]) + b"\n")
    for path in sorted(pathlib.Path("Schema/kinds").glob("*.json")):
        yield path.read_bytes()
    for request, answer in exchanges():
        headers = [("authorization", "Bearer TOKEN")] if "token" in request else []
        headers += request.get("headers", {}).items()
        if "lines" in request:
            body = "".join(line + "\n" for line in request["lines"]).encode()
        elif "base64" in request:
            body = base64.b64decode(request["base64"])
        else:
            body = request.get("body", "").encode()
        path = request["path"].replace("${cursor}", "CURSOR")
        first = f"{request['method']} {path}"
        yield talk(first, headers, body)
        if request["method"] == "POST":
            yield talk(first, headers + [("x-fuzz", "sign")], body)
            yield talk(first, headers + [("x-fuzz", "sign"), ("x-fuzz", "pack")], body)
        if isinstance(answer.get("body"), dict):
            body = json.dumps(answer["body"]).encode()
            yield body
            yield talk(f"HTTP {answer['status']}", answer.get("headers", {}).items(), body)
    for line in lines():
        yield talk(
            "POST /v1/datasets/korea/changesets",
            [("authorization", "Bearer TOKEN"), ("x-fuzz", "sign")], line)


def csv():
    trade = "reporter,partner,flow,product,period,source"
    files = [
        f"{trade},value,unit,status,released,note,tags\nKOR,CHN,X,TOTAL,2023,motie,130,USD,A,2024-01-02,n,asia;x\n",
        f"{trade},value\nKOR,CHN,X,TOTAL,2023,motie,1\nKOR,JPN,M,H6:850760,2023-Q4,kosis,2.5e3\n",
        f"{trade},value\r\nKOR,CHN,X,TOTAL,2021-05-01/P10D,motie,\"1\"\r\n",
        "id,date,title,type\ne1,2023-09,another,visit\ne2,2023-09-23,\"a \"\"b\"\"\nc\",meeting\n",
        "date,type,title,source,actors,latitude,longitude\n2023,visit,t,motie,KOR;CHN,37.5,127\n",
        "name,value\ndataset.name,Korea\npolicy.trade.value,newest\n",
        "\ufeff Title , ID \r\n\r\nt2,y\r\n",
        "reporter,partner,flow,product,period,value\nKOR,CHN,X,TOTAL,2023,1\n",
        f"{trade},value\nKOR,CHN,X,TOTAL,2023,motie,9007199254740993\nxx,yy\n\"open\n",
    ]
    for path in sorted(pathlib.Path("Examples").rglob("*.csv")):
        files.append("".join(path.read_text().splitlines(keepends=True)[:6]))
    for file in files:
        for how in (0x80, 0x8F, 0xC3, 0x08):
            yield bytes([how, len(file) % 61, 0]) + file.encode()
    for reading, file in published():
        for how in (0x40, 0xC8):
            yield bytes([how, len(file) % 61, reading]) + file
    for how, file in sheets():
        for options in (0x80, 0x87):
            for reading in (0, 2):
                yield bytes([how | options, len(file) % 61, reading]) + file.encode()


def sheets():
    """Small sheets that come back, MARK where their mark stands, each with the kind that it is of."""
    trade = "reporter,partner,flow,product,period,source,value,unit,status,note,tags,MARK\r\n"
    korea = "trade/KOR/CHN/X/TOTAL/2023/motie"
    for row in (
            f"KOR,CHN,X,TOTAL,2023,motie,124.8,USD,P,checked,asia,{korea}",
            f"KOR,CHN,X,TOTAL,2023,motie,131,USD,P,again,x;asia,{korea}",
            f"KOR,CHN,X,TOTAL,2023,motie,1.2E+02,USD,P,,asia,{korea}",
            f"KOR,CHN,M,TOTAL,1/1/2023,motie,\"124,8\",USD,P,checked,,{korea}",
            "KOR,JPN,X,HS:0401,Dec-23,kosis,5,,,,,",
            f"KOR,CHN,X,TOTAL,2023,motie,124.8,USD,P,checked,asia,{korea}\r\nKOR,CHN,X,TOTAL,2023,motie,7,,,,,"):
        yield 0x10, "\ufeff" + trade + row + "\r\n"
    yield 0x10, (trade + f"KOR,CHN,X,TOTAL,2023,motie,131,USD,P,??,asia,{korea}\r\n").replace(",", ";")
    yield 0x10, trade
    event = "id,date,type,title,actors,latitude,longitude,MARK\n"
    for row in (
            "e2,,,a long talk,,,,event/e2", "e3,12/1/2023,visit,,CHN;JPN,37.5,127,event/e3", "e3,45261,,,KOR;CHN,,,event/e3",
            "e4,2023,visit,new,,,,"):
        yield 0x20, event + row + "\n"
    yield 0x20, '[{"id": "e3", "title": "t", "actors": null, "latitude": 1.0, "MARK": "event/e3"}]'


def published():
    """Small files in the formats of publishers, each with how it is to be read."""
    comtrade = (
        "typeCode,freqCode,period,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,partner2Code,"
        "classificationCode,cmdCode,customsCode,motCode,qtyUnitCode,qty,isQtyEstimated,netWgt,cifvalue,fobvalue,primaryValue\n"
        '"C","A","2023","410","KOR","X","842","USA","0","H6","8542","C00","0","8","5","true","5",,"100","100",\n'
        '"C","M","202311","410","KOR","M","899","_X ","0","H6","TOTAL","C04","2100","-1",,"false",,"9","8","9",\n')
    legacy = (
        "Classification,Period,Trade Flow,Reporter Code,Reporter ISO,Partner Code,Partner ISO,Commodity Code,Qty Unit Code,"
        "Qty Unit,Qty,Alt Qty Unit,Netweight (kg),Trade Value (US$),Flag\n"
        "H5,2017,Re-Export,410,KOR,0,WLD,848620,8,kg,,12,12,3830588,2\n")
    sdmx = (
        "STRUCTURE[;],STRUCTURE_ID,ACTION,REPORTER,PARTNER,FLOW,PRODUCT,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS\n"
        "dataflow,X:T(1.0),I,KOR,CHN,X,HS17_85,2023-Q1,12.4,3,P\ndataflow,X:T(1.0),D,KOR,CHN,M,_T,2023,-,,\n")
    comext = (
        "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:DS-045409(1.0),M,EL,KR,85076000,1,VALUE_IN_EUROS,2026-04,1000,p\n"
        "ESTAT:DS-045409(1.0),M,EL,KR,85076000,1,QUANTITY_IN_100KG,2026-04,:,\n")
    labels = (
        "STRUCTURE[|];STRUCTURE_ID;REPORTER: R;PARTNER: P;FLOW: F;TIME_PERIOD: T;OBS_VALUE: V\n"
        "dataflow;X:T(1.0): n;KOR: Korea;CHN: China;X: Export;2023: 2023;1.187,5: x\n")
    message = json.dumps({
        "dataSets": [{"action": "Append", "series": {"0:0": {"observations": {"0": [5, 0], "1": ["NaN", None]}}}}],
        "structure": {
            "dimensions": {
                "dataSet": [{"id": "REPORTER", "values": [{"id": "KOR"}]}],
                "series": [{"id": "PARTNER", "values": [{"id": "CHN"}]}, {"id": "FLOW", "values": [{"id": "X"}]}],
                "observation": [{"id": "TIME_PERIOD", "values": [{"id": "2022"}, {"id": "2023"}]}]},
            "attributes": {"observation": [{"id": "OBS_STATUS", "values": [{"id": "P"}]}]}}})
    answer = '{"count": 1, "data": [{"period": "2023", "reporterCode": 410, "flowCode": "X", "partnerCode": 0, ' \
        '"cmdCode": "TOTAL", "primaryValue": 1.5e3, "x": [null, {"a": "\\u00e9"}]}]}'
    wide = "Month;Exports;Imports;Balance\r\nJanuary 2001;1,187.5;8,427.5;-7,240\r\n25.08;NA;1.187,5;\r\n"
    # 58 columns without names, a lone quote, and a row of 57; the two rows of one meeting.
    cells = ["7", "20160728", "201607", "2016", "2016.5", "CHNGOV", '"CHINA', "CHN"] + [""] * 18 + \
        ["040", "040", "04", "1", "1.0"] + [""] * 19 + ["Seoul", "KS", "", "37.5", "127", "", "20160728", "http://a"]
    gdelt = "\t".join(cells) + "\n" + "\t".join(["8"] + cells[1:-1]) + "\n"
    icews = (
        "Event ID\tEvent Date\tSource Name\tSource Country\tCAMEO Code\tTarget Name\tTarget Country\tStory ID\tSentence Number\n"
        "1\t2018-06-01\tA\tChina\t040\tB\tSouth Korea\t4\t1\n2\t2018-06-01\tB\tSouth Korea\t040\tA\tChina\t4\t1\n")
    visits = "Date,Title\n03-Dec-2023,Ministers meet\n3/12/2023,again\n"
    for text, reading in (
            (comtrade, 0), (legacy, 0), (sdmx, 0), (comext, 0), (labels, 0), (message, 0), (answer, 0), (wide, 0x60),
            (gdelt, 0), (icews, 0), (wide.replace("\r\n", "\r"), 0x20), (visits, 0x80), ('[{"m": "25.08", "exp": 582.4}]', 0x20)):
        yield reading, text.encode()
    yield 0x20, gzip.compress(wide.encode(), mtime=0)
    yield 0x20, b"\xff\xfe" + wide.encode("utf-16-le")
    yield 0x20, wide.replace("Balance", "Saldo \u20ac").encode("cp1252")
    yield 0x30, wide.replace("Balance", "\u0411").encode("cp1251")


def files():
    chance = random.Random(7)
    for how in (0x00, 0x01, 0x02, 0x03, 0x20, 0x21, 0x22, 0x23):
        yield bytes([how])
        for _ in range(15):
            patches = b""
            for _ in range(chance.randint(1, 3)):
                count = chance.randint(1, 8)
                patches += chance.randbytes(3) + bytes([count]) + chance.randbytes(count)
            yield bytes([how]) + patches
        # The head of the file.
        for place in range(0, 100, 4):
            yield bytes([how, 0, 0, place, 1, 0xFF])
    for what in range(4):
        for size in (0, 100, 4096, 8192, 40000, 100000):
            yield bytes([0x40 | what]) + size.to_bytes(3, "big")
        yield bytes([0x80 | what]) + b"SQLite format 3\x00" + bytes(84)
        yield bytes([0x80 | what]) + b"not a database"


def snapshots():
    chance = random.Random(8)
    yield bytes([0])
    for _ in range(60):
        patches = b""
        for _ in range(chance.randint(1, 3)):
            count = chance.randint(1, 8)
            patches += chance.randbytes(3) + bytes([count]) + chance.randbytes(count)
        yield bytes([0]) + patches
    for place in range(0, 100, 4):
        yield bytes([0, 0, 0, place, 1, 0xFF])
    for size in (0, 100, 4096, 8192, 40000):
        yield bytes([0x40]) + size.to_bytes(3, "big")
    yield bytes([0x80]) + b"SQLite format 3\x00" + bytes(84)
    yield bytes([0x80]) + b"not a database"


def bundles():
    yield bytes([0x80]) + (FIXTURES / "bundle.zst").read_bytes()
    yield bytes([0x80]) + b"\x28\xb5\x2f\xfd"
    written = [json.loads(line) for line in lines_of("valid")]
    # What is so is said where the target is told to say it.
    heads = {line["replica"]: {"seq": line["seq"], "hash": "ab" * 32} for line in written}
    header = {
        "bundle": 1, "format": 1, "dataset": written[0]["dataset"], "name": "korea", "since": {}, "heads": heads,
        "count": len(written)}
    text = [line.encode() for line in lines_of("valid")]
    for how in (0x00, 0x01, 0x02, 0x03):
        for change in ({}, {"bundle": 2}, {"count": 1}, {"since": heads}, {"heads": {}}, {"hub": "k3m9x2p7qa5dw4ye:1"}):
            first = json.dumps(header | change, separators=(",", ":")).encode()
            for body in (text, text[:1], text[1:], []):
                yield bytes([how]) + b"\n".join([first] + body)


def lines_of(name):
    return (FIXTURES / f"lines/{name}.jsonl").read_text().splitlines()


def main():
    makers = {
        "lines": lines, "messages": messages, "csv": csv, "files": files, "bundles": bundles, "snapshots": snapshots}
    if len(sys.argv) != 3 or sys.argv[1] not in makers:
        print(f"usage: corpus.py TARGET FOLDER; TARGET is one of: {', '.join(makers)}", file=sys.stderr)
        sys.exit(64)
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for data in makers[target]():
        if len(data) <= MAXIMUM_BYTES:
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


main()
