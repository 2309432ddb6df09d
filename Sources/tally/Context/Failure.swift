import ArgumentParser
import TallyFormats
import TallyStore
import TallySync
import TallyTerminal
import TallyWire

/// How a command ends when it does not end well: code, text and exit status (DESIGN.md section 10).
struct Failure: Error {
    let code: String
    let message: String
    var location: String?
    var hint: String?
    let exitCode: Int32
    /// For the answers of the argument parser that are no failures: help and version.
    private var isOutput = false

    init(
        _ code: String, _ message: String, location: String? = nil, hint: String? = nil,
        exitCode: Int32
    ) {
        self.code = code
        self.message = message
        self.location = location
        self.hint = hint
        self.exitCode = exitCode
    }

    static func usage(_ message: String, hint: String? = nil) -> Failure {
        Failure("usage", message, hint: hint, exitCode: 64)
    }

    /// Ends with a status and nothing to say.
    static func silent(exitCode: Int32) -> Failure {
        Failure("", "", exitCode: exitCode)
    }

    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as StoreError:
            self.init(
                error.code.rawValue, error.message, hint: error.hint, exitCode: error.code.exitCode)
        case let error as SyncError:
            self.init(
                error.code.rawValue, error.message, hint: error.hint, exitCode: error.code.exitCode)
        case let problem as Problem:
            self.init(problem.word.rawValue, problem.detail, exitCode: 1)
        case let fault as LineFault:
            self.init(fault.word.rawValue, fault.reason, exitCode: 65)
        case let fault as InputFault:
            self.init("bad-input", fault.message, hint: fault.hint, exitCode: 65)
        case let error as FormatError:
            self.init(
                "bad-input", error.message, location: error.location, hint: error.hint, exitCode: 65
            )
        case let error as TerminalError:
            self.init(
                "terminal", error.message, hint: error.hint,
                exitCode: error == .interrupted ? 130 : 74)
        default: self.init(parsing: error)
        }
    }

    /// What the argument parser threw.
    private init(parsing error: any Error) {
        let exitCode = Tally.exitCode(for: error)
        let text = Tally.fullMessage(for: error)
        if exitCode == .success {
            self.init("", text, exitCode: 0)
            isOutput = true
        } else if exitCode == .validationFailure {
            let message = Tally.message(for: error)
            self.init("usage", message.isEmpty ? text : message, exitCode: 64)
            let usage = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            hint = usage.isEmpty ? nil : usage.joined(separator: "\n")
        } else {
            self.init("fault", text.isEmpty ? "\(error)" : text, exitCode: exitCode.rawValue)
        }
    }

    /// Prints the failure and gives the exit status.
    func report(asJSON: Bool) -> Int32 {
        let output = CommandContext.output
        if isOutput {
            output.print(message)
            return 0
        }
        if message.isEmpty { return exitCode }
        output.clearStatus()
        if asJSON {
            var members: [JSONValue.Member] = [
                .init("schema", "tally.error/v1"), .init("code", .string(code)),
                .init("message", .string(message)),
            ]
            members.append(.init("where", location.map(JSONValue.string) ?? .null))
            members.append(.init("hint", hint.map(JSONValue.string) ?? .null))
            output.report(JSONPrinter.text(.object(members)))
            return exitCode
        }
        let place = location.map { Printable.line($0) + ": " } ?? ""
        output.report("tally: \(place)\(Printable.block(message))")
        if let hint { output.report(Printable.block(hint)) }
        return exitCode
    }
}

extension StoreError.Code {
    var exitCode: Int32 {
        switch self {
        case .noFile, .noRecord: return 66
        case .fileExists, .cannotCreate: return 73
        case .notADataset, .newerFormat, .damaged, .badInput, .sql: return 65
        case .busy: return 75
        case .io: return 74
        case .notPermitted, .readOnly: return 77
        case .interrupted: return 130
        case .waiting: return 1
        case .fault: return 70
        }
    }
}

extension SyncError.Code {
    var exitCode: Int32 {
        switch self {
        case .unavailable: return 69
        case .notAHub: return 76
        case .notPermitted: return 77
        case .unknownDataset: return 66
        case .wrongDataset, .refused: return 1
        case .newerFormat, .damaged: return 65
        case .missing: return 1
        case .interrupted: return 130
        }
    }
}

extension String {
    /// A message as the beginning of a longer one: without its full stop.
    var asClause: String { hasSuffix(".") ? String(dropLast()) : self }
}
