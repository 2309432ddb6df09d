import TallyCore
import TallyStore

@testable import TallyFormats

/// Files with `MARK` in them, which stands for the mark of a sheet that was exported before others edited: of trade, or of
/// events where the first byte asks for that kind.
///
/// - What holds of an import holds when they are brought back.
/// - Brought back once more they change nothing, unless conflicts are to be resolved.
extension DelimitedTarget {
    static func marks(of dataset: Dataset) throws -> [String: String] {
        try dataset.read { access in
            var marks: [String: String] = [:]
            for kind in access.kinds.all where ["trade", "event"].contains(kind.name) {
                var text = ""
                try RecordExport.sheet(kind, from: access) { text += $0 }
                let table = try TableReader(
                    source(Array(text.utf8), pieces: 1 << 20), encoding: nil)
                marks[kind.name] = table.header.names.last
            }
            return marks
        }
    }

    /// The file with the mark in its place; nil for one that is no sheet.
    func sheet(_ file: [UInt8], _ how: UInt8) -> [UInt8]? {
        guard let place = file.firstRange(of: Array("MARK".utf8)),
            let mark = marks[how & 0x30 == 0x20 ? "event" : "trade"]
        else { return nil }
        return file[..<place.lowerBound] + Array(mark.utf8) + file[place.upperBound...]
    }

    static func bring(
        back sheet: [UInt8], _ how: UInt8, _ reading: UInt8, pieces size: Int,
        _ editor: DatasetEditor
    ) throws -> Bool {
        var options = EditedFile.Options()
        options.deletesMissing = how & 1 != 0
        options.restores = how & 2 != 0
        options.resolves = how & 4 != 0
        options.decimalMark = [nil, .point, .comma, nil][Int(reading & 3)]
        options.dates = reading & 4 != 0 ? .dmy : nil
        options.encoding = [nil, .utf16, .windows1251, .latin1][Int(reading >> 3 & 3)]
        let file = EditedFile(name: "x.csv", options: options) {
            Self.source(sheet, pieces: size)
        }
        let report = try file.run(editor)
        for refusal in report.refused { LinesTarget.checkReason(refusal.reason) }
        return report.new + report.changed + report.removed > 0
    }
}
