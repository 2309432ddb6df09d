import Foundation
import TallyStore
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real `tally-hub`, on a port of its own, with a token for the dataset `korea`.
final class HubProcess {
    let folder: TemporaryFolder
    let token: String
    private(set) var port = 0
    private var process: Process
    private let options: [String]

    var data: String { folder.path + "/hub" }
    var url: String { "http://127.0.0.1:\(port)" }
    var dataset: String { url + "/v1/datasets/korea" }

    init(options: [String] = []) throws {
        folder = try TemporaryFolder()
        self.options = options
        process = Process()
        let made = try Self.run([
            "token", "create", "--data", folder.path + "/hub", "--name", "mina", "--dataset",
            "korea", "--role", "admin",
        ])
        token = made.output.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        try start()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Beside the tests, where the build put it.
    static let program: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("tally-hub").path
    }()

    static func run(_ arguments: [String]) throws -> Shell.Result {
        try Shell.run([program] + arguments)
    }

    func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["serve", "--data", data, "--port", "0"] + options
        let output = Pipe()
        process.standardOutput = output
        let log = folder.path + "/log"
        if !FileManager.default.fileExists(atPath: log) {
            try Data().write(to: URL(fileURLWithPath: log))
        }
        let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try errors.seekToEnd()
        process.standardError = errors
        try process.run()
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard let first = byte.first else { break }
            line.append(first)
        }
        let text = String(decoding: line, as: UTF8.self)
        let word = text.split(separator: ":").last?.filter(\.isNumber) ?? ""
        port = try #require(Int(word), "tally-hub said: \(text)")
    }

    var log: String {
        (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? ""
    }

    /// - Returns: the exit status.
    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// curl with the token, its answer's head included.
    func curl(_ arguments: String..., input: [UInt8] = []) throws -> CurlAnswer {
        let common = [
            "curl", "-sS", "-i", "--path-as-is", "--max-time", "30", "-H",
            "Authorization: Bearer \(token)",
        ]
        let result = try Shell.run(common + arguments, input: input)
        #expect(result.status == 0, "\(result.errors)")
        return CurlAnswer(result.output)
    }

    func createDataset() throws {
        let body = #"{"dataset":"\#(HubBench.dataset)"}"#
        #expect(try curl("-X", "PUT", "-d", body, dataset).status == 201)
    }

    func push(_ lines: [[UInt8]]) throws -> CurlAnswer {
        try curl(
            "--data-binary", "@-", dataset + "/changesets", input: HubBench.body(lines))
    }

    func connect() throws -> RawConnection { try RawConnection(port: port) }
}

struct CurlAnswer {
    let status: Int
    let head: String
    let body: String

    init(_ text: String) {
        var rest = text
        var head = ""
        repeat {
            let parts = rest.split(
                separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            head = String(parts[0])
            rest = parts.count > 1 ? String(parts[1]) : ""
        } while head.hasPrefix("HTTP/1.1 100")
        self.head = head.lowercased()
        body = rest
        status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// A TCP connection on which anything can be said.
final class RawConnection {
    private let descriptor: Int32

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that would hang fails instead.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw StoreError(.io, "no connection to port \(port)") }
    }

    deinit {
        close(descriptor)
    }

    /// - Returns: whether the other side still took it.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the other side closes; nil when it does not in 20 seconds.
    func readToEnd() -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count < 0, errno == EAGAIN { return nil }
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }

    /// What comes next, at least a byte; empty at the end.
    func readSome() -> String {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
