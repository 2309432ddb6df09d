import TallyCore
import TallyFormats
import TallyStore
import TallyWire

/// One record of a file and what becomes of it, for programs.
enum SampleJSON {
    /// - Parameter row: nil of a record whose row is gone.
    static func value(
        _ what: String, _ record: RecordAddress, row: Int?, _ fields: [JSONValue]
    ) -> JSONValue {
        [
            "what": .string(what), "record": .string(record.text),
            "row": row.map { .number(Double($0)) } ?? .null,
            "fields": .array(fields),
        ]
    }
}

extension ImportReport.Sample {
    var json: JSONValue { SampleJSON.value(what.rawValue, record, row: row, fields.map(\.json)) }
}

extension ImportReport.Sample.Field {
    fileprivate var json: JSONValue {
        ["field": .string(name), "before": before.json, "after": after.json]
    }
}

extension EditedReport.Sample {
    var json: JSONValue { SampleJSON.value(what.rawValue, record, row: row, fields.map(\.json)) }
}

extension EditedReport.Sample.Field {
    fileprivate var json: JSONValue {
        [
            "field": .string(name), "before": before.json, "after": after.json,
            "outcome": .string(outcome.rawValue),
        ]
    }
}
