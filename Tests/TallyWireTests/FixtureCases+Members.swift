import TallyCore
import TallyWire

private let format = "5: a reader refuses a format it does not know"
private let seq = "5, Invalid: seq not a plain integer in 1…2^53−1"
private let at = "5, Invalid: at not exactly YYYY-MM-DDTHH:MM:SS.mmmZ"
private let upper = "5, Invalid: upper-case ids"
private let proves = "5: an id proves itself"
private let named = "5: seen names replicas, never the own one, each with seq and hash"
private let group = #"5: "group":{"id":"<uuid>","part":k}"#
private let plain =
    "3: control characters are refused; author and machine are 1 to 256 bytes on one line"

extension FixtureCases {
    private func base(_ name: String, _ json: String) -> LineDraft { base.with(name, json) }

    var identity: [FixtureDraft] {
        let replica = mina.replica.text
        let uuid = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
        let ones = String(repeating: "1", count: 64)
        return [
            line("format-missing", format, base.without("format"), "format is missing"),
            line("format-2", format, base("format", "2"), "install a version that reads format 2"),
            line("format-0", format, base("format", "0"), "the line is of format 0"),
            line("format-text", format, base("format", #""1""#), "format: expected a value"),
            line("format-null", format, base("format", "null"), "format: expected a value"),
            line("dataset-missing", "5", base.without("dataset"), "dataset is missing"),
            line(
                "dataset-upper-case", upper, base("dataset", "\"\(uuid.uppercased())\""), "no UUID"),
            line("dataset-braces", "5", base("dataset", "\"{\(uuid)}\""), "no UUID in lower case"),
            line("dataset-number", "5", base("dataset", "1"), #"dataset: expected ""#),
            line(
                "dataset-other", "8: wrong dataset",
                base("dataset", #""00000000-0000-4000-8000-000000000000""#),
                "the line is of dataset"
            ).with(context: []),
            line("replica-missing", "5", base.without("replica"), "replica is missing"),
            line(
                "replica-upper-case", upper, base("replica", "\"\(replica.uppercased())\""),
                "not 16 characters of lower-case base32"),
            line(
                "replica-short", proves, base("replica", "\"\(replica.dropLast())\""),
                "not 16 characters"),
            line(
                "replica-digit-1", proves, base("replica", "\"\(replica.dropLast())1\""),
                "not 16 characters"),
            line(
                "replica-of-other-key", proves, base("replica", "\"\(jun.replica)\""),
                "the key is that of replica \(replica), not of \(jun.replica)"),
            line("key-short", "5", base("key", #""AAAA""#), "no base64url of 32 bytes"),
            line("key-not-base64url", "5", base("key", "\"\(ones)+\""), "no base64url of 32"),
            line("key-null", "5", base("key", "null"), #"key: expected ""#),
            line("prev-upper-case", upper, base("prev", "\"A\(ones.dropFirst())\""), "prev \"A1"),
            line("prev-short", "5", base("prev", "\"\(ones.dropFirst())\""), "is not 64 lower"),
            line("prev-null", "5", base("prev", "null"), #"prev: expected ""#),
            line("was-upper-case", upper, base("was", "\"A\(ones.dropFirst())\""), "was \"A1"),
            line("was-number", "6", base("was", "1"), #"was: expected ""#),
        ]
    }

    var members: [FixtureDraft] {
        let long = String(repeating: "a", count: 257)
        let id = #""id":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff""#
        let wanted = "group wants an id"
        return [
            line("seq-missing", seq, base.without("seq"), "seq is missing"),
            line("seq-0", seq, base("seq", "0"), "seq is 0"),
            line("seq-negative", seq, base("seq", "-1"), "seq: expected a plain integer"),
            line("seq-point", seq, base("seq", "1.0"), "seq: expected a plain integer"),
            line("seq-exponent", seq, base("seq", "1e0"), "seq: expected a plain integer"),
            line("seq-text", seq, base("seq", #""1""#), "seq: expected a value"),
            line("seq-null", seq, base("seq", "null"), "seq: expected a value"),
            line("seq-2-to-53", seq, base("seq", "9007199254740992"), "up to 2^53 - 1"),
            line("seq-huge", seq, base("seq", "18446744073709551617"), "up to 2^53 - 1"),
            line("author-missing", "5", base.without("author"), "author is missing"),
            line("author-empty", plain, base("author", #""""#), "author is empty, longer"),
            line("author-long", plain, base("author", "\"\(long)\""), "author is empty, longer"),
            line("author-newline", plain, base("author", #""a\nb""#), "control characters"),
            line("author-escape", plain, base("author", #""\u001b[31m""#), "control characters"),
            line("author-number", plain, base("author", "1"), #"author: expected ""#),
            line("machine-missing", "5", base.without("machine"), "machine is missing"),
            line("machine-empty", plain, base("machine", #""""#), "machine is empty, longer"),
            line("machine-long", plain, base("machine", "\"\(long)\""), "machine is empty, longer"),
            line("machine-delete", plain, base("machine", #""a\u007fb""#), "control characters"),
            line("message-nul", plain, base("message", #""a\u0000b""#), "message is longer"),
            line("message-c1", plain, base("message", #""a\u0085b""#), "message is longer"),
            line("message-return", plain, base("message", #""a\r\nb""#), "message is longer"),
            line("message-null", "5", base("message", "null"), #"message: expected ""#),
            line("by-number", "5", base("by", "1"), #"by: expected ""#),
            line("by-escape", plain, base("by", #""\u001b[31m""#), "control characters"),
            line("by-long", plain, base("by", "\"\(long)\""), "by is empty, longer"),
            line("group-array", group, base("group", "[]"), "expected {"),
            line("group-empty", group, base("group", "{}"), wanted),
            line("group-no-part", group, base("group", "{\(id)}"), wanted),
            line("group-no-id", group, base("group", #"{"part":1}"#), wanted),
            line("group-part-0", group, base("group", "{\(id),\"part\":0}"), wanted),
            line("group-part-text", group, base("group", "{\(id),\"part\":\"1\"}"), "expected a"),
            line("group-last-1", group, base("group", "{\(id),\"part\":1,\"last\":1}"), "false"),
            line(
                "group-id-upper-case", upper,
                base("group", #"{"id":"6F9619FF-8B86-4D01-B42D-00CF4FC964FF","part":1}"#), wanted),
        ]
    }

    var times: [FixtureDraft] {
        let wrong = "is not YYYY-MM-DDTHH:MM:SS.mmmZ"
        let texts = [
            ("no-milliseconds", "2026-11-23T16:45:12Z"),
            ("microseconds", "2026-11-23T16:45:12.345678Z"),
            ("comma", "2026-11-23T16:45:12,345Z"), ("offset", "2026-11-23T16:45:12.345+00:00"),
            ("no-zone", "2026-11-23T16:45:12.345"), ("small-z", "2026-11-23T16:45:12.345z"),
            ("small-t", "2026-11-23t16:45:12.345Z"), ("space", "2026-11-23 16:45:12.345Z"),
            ("hour-24", "2026-11-23T24:00:00.000Z"), ("leap-second", "2026-06-30T23:59:60.000Z"),
            ("day-30-february", "2026-02-30T00:00:00.000Z"),
            ("month-13", "2026-13-01T00:00:00.000Z"),
            ("year-5-digits", "12026-11-23T16:45:12.345Z"), ("date", "2026-11-23"), ("empty", ""),
            ("full-width", "2026-11-23T16:45:12.34５Z"),
        ]
        return texts.map { line("at-\($0)", at, base("at", "\"\($1)\""), wrong) } + [
            line("at-missing", at, base.without("at"), "at is missing"),
            line("at-number", at, base("at", "1795452312345"), #"at: expected ""#),
        ]
    }

    var seen: [FixtureDraft] {
        let hash = String(repeating: "a", count: 64)
        let other = jun.replica.text
        func seen(_ name: String, _ breaks: String, _ json: String, _ reason: String)
            -> FixtureDraft
        {
            line("seen-\(name)", breaks, base("seen", json), reason)
        }
        return [
            line(
                "seen-missing", "5: seen is always there", base.without("seen"), "seen is missing"),
            seen("null", "5: seen is always there", "null", "expected {"),
            seen("array", named, "[]", "expected {"),
            seen("own", named, "{\"\(mina.replica)\":[1,\"\(hash)\"]}", "the line's own replica"),
            seen("upper-case", upper, "{\"\(other.uppercased())\":[1,\"\(hash)\"]}", "no replica"),
            seen("no-replica", named, "{\"jun\":[1,\"\(hash)\"]}", #"seen names "jun", which"#),
            seen("seq-0", named, "{\"\(other)\":[0,\"\(hash)\"]}", "is not [seq, hash]"),
            seen("seq-text", named, "{\"\(other)\":[\"1\",\"\(hash)\"]}", "expected a value"),
            seen("seq-alone", named, "{\"\(other)\":1}", "expected ["),
            seen("no-hash", named, "{\"\(other)\":[1]}", "expected ,"),
            seen("three", named, "{\"\(other)\":[1,\"\(hash)\",1]}", "expected ]"),
            seen("hash-short", named, "{\"\(other)\":[1,\"\(hash.dropLast())\"]}", "[seq, hash]"),
            seen(
                "hash-upper-case", upper, "{\"\(other)\":[1,\"\(hash.uppercased())\"]}",
                "[seq, hash]"),
            seen(
                "twice", "5, Invalid: duplicate member names at any depth",
                "{\"\(other)\":[1,\"\(hash)\"],\"\(other)\":[2,\"\(hash)\"]}", "stands twice"),
        ]
    }
}
