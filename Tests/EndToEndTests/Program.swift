import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The programs under test, as they were built.
enum Program: String {
    case tally
    case hub = "tally-hub"
    case simulator = "tally-simulate"

    /// `$TALLY_BIN`, else the folder in which the tests themselves were built.
    var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["TALLY_BIN"], !folder.isEmpty { return "\(folder)/\(rawValue)" }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent(".build/debug/\(rawValue)").path
    }
}

/// What a program that has ended left behind.
struct Finished {
    let status: Int32
    let output: String
    let errors: String

    /// The output as JSON.
    var json: [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(output.utf8))
        return object as? [String: Any] ?? [:]
    }

    /// The error output as JSON.
    var errorJSON: [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(errors.utf8))
        return object as? [String: Any] ?? [:]
    }
}

/// A running program, its streams in files.
///
/// Started with posix_spawn and no blocked signals: Foundation's Process hands on those of the thread that starts it.
final class Running {
    let id: pid_t
    private let outputPath: String
    private let errorPath: String
    private var ended: Int32?

    init(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String,
        input: String? = nil, inputPath givenPath: String = "/dev/null"
    ) throws {
        let base = "\(folder)/.run-\(UUID().uuidString)"
        outputPath = base + ".out"
        errorPath = base + ".err"
        var inputPath = givenPath
        if let input {
            inputPath = base + ".in"
            try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(
            &actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        // env changes the folder and then becomes the program: the process stays the same.
        let words = ["env", "-C", folder, path] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &argv, &envp)
        guard code == 0 else {
            throw Failure("\(path) does not start: \(String(cString: strerror(code)))")
        }
        id = child
    }

    deinit {
        if ended == nil {
            kill(id, SIGKILL)
            _ = wait()
        }
    }

    var output: String { Self.text(outputPath) }
    var errors: String { Self.text(errorPath) }

    /// Whether it has ended by now.
    var hasEnded: Bool {
        if ended == nil { reap(WNOHANG) }
        return ended != nil
    }

    private func reap(_ options: Int32) {
        var status: Int32 = 0
        var child: pid_t = -1
        repeat { child = waitpid(id, &status, options) } while child < 0 && errno == EINTR
        guard child == id else { return }
        ended = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// Waits for the end; a program that hangs is killed after five minutes, which is a failure and no endless test.
    func wait() -> Finished {
        if ended == nil {
            let watchdog = DispatchWorkItem { [id] in _ = kill(id, SIGKILL) }
            DispatchQueue.global().asyncAfter(deadline: .now() + 300, execute: watchdog)
            defer { watchdog.cancel() }
            reap(0)
        }
        return Finished(status: ended ?? -1, output: output, errors: errors)
    }

    /// Waits for the end, and looks a thousand times a second at the most memory that it has had.
    ///
    /// What the system counts for a child of a large process begins with the memory of the large one.
    func waitMeasuringMemory() -> (end: Finished, peakKiB: Int) {
        var peakKiB = 0
        while !hasEnded {
            let line = Self.text("/proc/\(id)/status").split(separator: "\n")
                .first { $0.hasPrefix("VmHWM:") }
            if let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first {
                peakKiB = Int(number) ?? peakKiB
            }
            usleep(1000)
        }
        return (wait(), peakKiB)
    }

    /// Waits until it has stopped itself or ended.
    ///
    /// - Returns: whether it has stopped.
    func waitUntilStopped() -> Bool {
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WSTOPPED | WEXITED | WNOWAIT) != 0, errno == EINTR {}
        // CLD_STOPPED, which Swift does not import.
        return info.si_code == 5
    }

    /// Waits until a line of the output, or of the errors, begins with `prefix`.
    ///
    /// - Returns: the rest of that line.
    func waitForLine(
        beginning prefix: String, of stream: KeyPath<Running, String> = \.output
    ) throws -> String {
        let end = Date().addingTimeInterval(30)
        while Date() < end {
            for line in self[keyPath: stream].split(separator: "\n") where line.hasPrefix(prefix) {
                return String(line.dropFirst(prefix.count))
            }
            if hasEnded { break }
            usleep(10_000)
        }
        throw Failure("no line \(prefix)…; standard error: \(errors)")
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
