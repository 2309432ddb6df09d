import TallyCore
import TallyFormats
import TallyStore
import TallyWire

/// One record of a file and what becomes of it, for programs.
enum SampleJSON {
    /// - Parameter row: nil of a record whose row is gone.
    static func value(
        _ what: String, _ record: RecordAddress, row: Int?, _ fields: [ImportReport.Sample.Field]
    ) -> JSONValue {
        [
            "what": .string(what), "record": .string(record.text),
            "row": row.map { .number(Double($0)) } ?? .null,
            "fields": .array(
                fields.map {
                    [
                        "field": .string($0.name), "before": $0.before.json, "after": $0.after.json,
                    ]
                }),
        ]
    }
}

extension ImportReport.Sample {
    var json: JSONValue { SampleJSON.value(what.rawValue, record, row: row, fields) }
}

extension EditedReport.Sample {
    var json: JSONValue { SampleJSON.value(what.rawValue, record, row: row, fields) }
}
