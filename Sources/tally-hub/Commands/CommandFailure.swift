import ArgumentParser
import TallyStore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why a command failed: one text for people, one number for programs (DESIGN.md section 10).
struct CommandFailure: Error {
    let status: Int32
    let message: String
    let hint: String?

    init(_ status: Int32, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    init(_ error: StoreError) {
        self.init(error.code.exitStatus, error.message, hint: error.hint)
    }

    /// Runs a command's work; what fails goes to stderr and becomes the exit status.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as StoreError {
            throw CommandFailure(error).report()
        } catch let failure as CommandFailure {
            throw failure.report()
        }
    }

    private func report() -> ExitCode {
        var text = "Error: \(message)\n"
        if let hint { text += hint + "\n" }
        StandardStream.error.write(text)
        return ExitCode(status)
    }
}

extension StoreError.Code {
    fileprivate var exitStatus: Int32 {
        switch self {
        case .noFile, .noRecord: return 66
        case .notADataset, .newerFormat, .damaged, .badInput: return 65
        case .fileExists, .cannotCreate: return 73
        case .io: return 74
        case .busy: return 75
        case .notPermitted, .readOnly: return 77
        case .interrupted: return 130
        case .waiting: return 1
        case .sql, .fault: return 70
        }
    }
}

/// Standard output and error, written whole and at once: what is read through a pipe must not wait for more.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
