import ArgumentParser
import TallyCore
import TallyFormats

/// The options that say how the file of an import is read.
struct ImportReadingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The format: \(FormatCatalog.names.joined(separator: ", ")); found by the file unless given.",
            valueName: "format"))
    var format: String?

    @Option(help: "The kind of the records; found by the file unless given.")
    var kind: String?

    @Option(help: "The source of all records, where the file has no such column.")
    var source: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What a field is in every row, where the file has no column for it. May be repeated.",
            valueName: "field=value"))
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "The column that holds a field; the name of a saved map for all of them. May be repeated.",
            valueName: "field=column"))
    var map: [String] = []

    @Option(
        help: ArgumentHelp(
            "Keep how this file was read as the setting map.NAME: files with the same columns are read so too.",
            valueName: "name"))
    var saveMap: String?

    @Option(
        help: ArgumentHelp(
            "The unit of the values: thousand, million, billion, or a power of ten as 1000.",
            valueName: "unit"))
    var scale: String?

    @Option(help: ArgumentHelp("The mark before decimals: point or comma.", valueName: "mark"))
    var decimal: String?

    @Option(
        help: ArgumentHelp(
            "What stands first in dates as 03/12/2023: dmy (the day) or mdy (the month).",
            valueName: "order"))
    var dates: String?

    @Option(
        help: ArgumentHelp(
            "The classification of products whose file does not say it, as H6 (HS 2022).",
            valueName: "code"))
    var classification: String?

    @Option(
        help: ArgumentHelp(
            "The encoding: \(TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")); found by the file unless given.",
            valueName: "name"))
    var encoding: String?

    @Flag(
        help:
            "Take fields and kinds that this version does not know as they are (only in JSON lines of a newer one)."
    )
    var keepUnknown = false

    /// - Throws: `ValidationError` for a value that is none.
    func options() throws -> ImportOptions {
        var options = ImportOptions()
        options.keepUnknown = keepUnknown
        if let format {
            guard FormatCatalog.names.contains(format) else {
                throw ValidationError(
                    "There is no format '\(format)'. The formats are: \(FormatCatalog.names.joined(separator: ", "))."
                )
            }
            options.format = format
        }
        options.kind = kind
        for text in set {
            let (field, value) = try pair(text, "--set", "field=value")
            guard options.constants.updateValue(value, forKey: field) == nil else {
                throw ValidationError("--set names \(field) twice.")
            }
        }
        if let source {
            guard options.constants.updateValue(source, forKey: "source") == nil else {
                throw ValidationError("--source and --set both name the source.")
            }
        }
        for text in map {
            if text.contains("=") {
                let (field, column) = try pair(text, "--map", "field=COLUMN")
                guard options.columns.updateValue(column, forKey: field) == nil else {
                    throw ValidationError("--map names \(field) twice.")
                }
            } else if options.map == nil {
                options.map = text
            } else {
                throw ValidationError(
                    "--map names two saved maps: '\(options.map ?? "")' and '\(text)'.")
            }
        }
        if let saveMap {
            do { try SavedMap.check(name: saveMap) } catch {
                throw ValidationError("--save-map: \(error.message). \(error.hint ?? "")")
            }
            options.saveMap = saveMap
        }
        options.scale = try scale.map(Self.power)
        if let classification, classification.contains(where: { $0.isLowercase || $0.isWhitespace })
        {
            throw ValidationError(
                "--classification is a code in capitals as H6, HS or S4, not '\(classification)'.")
        }
        if let decimal {
            guard let mark = DecimalMark(rawValue: decimal) else {
                throw ValidationError("--decimal is point or comma, not '\(decimal)'.")
            }
            options.decimalMark = mark
        }
        if let dates {
            guard let order = DateOrder(rawValue: dates) else {
                throw ValidationError("--dates is dmy or mdy, not '\(dates)'.")
            }
            options.dates = order
        }
        if let classification {
            guard Shape.isProduct("\(classification):0") else {
                throw ValidationError("'\(classification)' is no classification, as H6, HS or S4.")
            }
            options.classification = classification
        }
        if let encoding {
            guard let known = TextEncoding(named: encoding) else {
                let names = TextEncoding.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError(
                    "There is no encoding '\(encoding)'. The encodings are: \(names).")
            }
            options.encoding = known
        }
        return options
    }

    private func pair(
        _ text: String, _ option: String, _ form: String
    ) throws -> (field: String, value: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ValidationError("\(option) is given as \(form), not '\(text)'.")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func power(_ text: String) throws -> Int {
        switch text.lowercased() {
        case "one", "unit", "units": return 0
        case "thousand", "thousands": return 3
        case "million", "millions": return 6
        case "billion", "billions": return 9
        default: break
        }
        guard text.first == "1", text.dropFirst().allSatisfy({ $0 == "0" }), text.count <= 13 else {
            throw ValidationError(
                "--scale is thousand, million, billion or a power of ten as 1000, not '\(text)'.")
        }
        return text.count - 1
    }
}
