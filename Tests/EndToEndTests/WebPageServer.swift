import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Answers every request with a web page, as a captive portal does. On a free loopback port.
final class WebPageServer: @unchecked Sendable {
    // Unchecked: the descriptor is set once before the thread starts, and only read after.
    private let listener: Int32
    let url: String

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0
                    ? getsockname(listener, $0, &size) : -1
            }
        }
        guard code == 0 else {
            throw Failure("no port for a web page: \(String(cString: strerror(errno)))")
        }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        let thread = Thread { [listener] in
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 { return }
                var buffer = [UInt8](repeating: 0, count: 4096)
                _ = read(connection, &buffer, buffer.count)
                let page = "<!DOCTYPE html><html><body>Sign in to the network</body></html>"
                let answer =
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n\(page)"
                _ = answer.withCString { write(connection, $0, strlen($0)) }
                close(connection)
            }
        }
        thread.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
