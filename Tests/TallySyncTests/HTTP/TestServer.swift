import Foundation
import Synchronization

/// A web server of a few lines on a free loopback port, which does to each connection what its
/// script says, however rude.
///
/// Connections are served one after another on a thread of its own; it ends with the object.
final class TestServer: Sendable {
    let port: Int
    private let listener: CInt
    private let log = Mutex(Log())

    struct Log {
        var connections = 0
        var requests: [Request] = []
    }

    struct Request {
        var line = ""
        var headers: [String: String] = [:]
        var body: [UInt8] = []
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var host: String { "127.0.0.1:\(port)" }
    var connections: Int { log.withLock { $0.connections } }
    var requests: [Request] { log.withLock { $0.requests } }

    init(_ script: @escaping @Sendable (Connection) -> Void) {
        let (listener, port) = TestServer.listen()
        self.listener = listener
        self.port = port
        Thread.detachNewThread { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0, let self else { break }
                self.log.withLock { $0.connections += 1 }
                let connection = Connection(socket) { request in
                    self.log.withLock { $0.requests.append(request) }
                }
                script(connection)
                connection.close()
            }
            close(listener)
        }
    }

    /// Answers every request with these bytes, on connections that are kept.
    convenience init(answering answer: String, _ body: [UInt8] = []) {
        self.init { connection in
            while connection.readRequest() != nil {
                connection.write(Array(answer.utf8) + body)
            }
        }
    }

    deinit {
        // Wakes `accept` up; the thread then closes the socket.
        shutdown(listener, CInt(SHUT_RDWR))
    }

    /// A port at which nobody listens.
    static func freePort() -> Int {
        let (listener, port) = listen()
        close(listener)
        return port
    }

    private static func listen() -> (listener: CInt, port: Int) {
        let listener = socket(AF_INET, TestServer.stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(bind(listener, pointer, length) == 0)
                precondition(Foundation.listen(listener, 8) == 0)
                precondition(getsockname(listener, pointer, &length) == 0)
            }
        }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    #if canImport(Glibc)
        private static let stream = CInt(SOCK_STREAM.rawValue)
    #else
        private static let stream = SOCK_STREAM
    #endif
}

/// One connection to a `TestServer`.
final class Connection {
    private let socket: CInt
    private let note: (TestServer.Request) -> Void
    private var unread: [UInt8] = []

    init(_ socket: CInt, note: @escaping (TestServer.Request) -> Void) {
        self.socket = socket
        self.note = note
    }

    /// The next request, whole; nil when the client has closed.
    @discardableResult
    func readRequest() -> TestServer.Request? {
        guard let head = readHead() else { return nil }
        let lines = head.components(separatedBy: "\r\n")
        var request = TestServer.Request(line: lines[0])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            request.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let size = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while unread.count < size {
            guard readMore() else { return nil }
        }
        request.body = Array(unread.prefix(size))
        unread.removeFirst(size)
        note(request)
        return request
    }

    private func readHead() -> String? {
        while true {
            if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
                defer { unread.removeSubrange(..<end.upperBound) }
                return String(decoding: unread[..<end.lowerBound], as: UTF8.self)
            }
            guard readMore() else { return nil }
        }
    }

    /// False when the client is gone.
    @discardableResult
    func write(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Connection.noSignal)
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Blocks until the client closes.
    func waitForClose() {
        while readMore() {}
    }

    /// Ends the connection as a crash does, with RST.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    func close() {
        Foundation.close(socket)
    }

    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        unread += buffer[..<count]
        return true
    }

    #if canImport(Darwin)
        private static let noSignal: CInt = 0
    #else
        private static let noSignal = CInt(MSG_NOSIGNAL)
    #endif
}
