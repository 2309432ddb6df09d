import Foundation
import Testing

@testable import TallySync

/// Who is believed to be the hub.
@Suite(.timeLimit(.minutes(10))) struct CertificateTests {
    @Test("authorities are named by the environment as for the curl program")
    func environment() {
        func trust(_ variables: [String: String]) -> CertificateTrust {
            .fromEnvironment { variables[$0] }
        }
        #expect(trust([:]) == CertificateTrust())
        #expect(trust(["CURL_CA_BUNDLE": ""]) == CertificateTrust())
        #expect(trust(["SSL_CERT_FILE": "/b"]) == CertificateTrust(bundle: "/b"))
        #expect(
            trust(["SSL_CERT_FILE": "/b", "SSL_CERT_DIR": "/d"])
                == CertificateTrust(bundle: "/b", folder: "/d"))
        #expect(
            trust(["SSL_CERT_FILE": "/b", "SSL_CERT_DIR": "/d", "CURL_CA_BUNDLE": "/a"])
                == CertificateTrust(bundle: "/a"))
    }

    @Test("a certificate that nobody vouches for is refused before anything is sent", .needsOpenSSL)
    func selfSigned() throws {
        let hub = try TLSHub()
        let error = failure(
            HTTPRequest(
                .get, "https://127.0.0.1:\(hub.port)/",
                headers: [HTTPHeader("Authorization", "Bearer tly_secret")]))
        #expect(error?.code == .tls)
        #expect(
            error?.description == "The certificate of 127.0.0.1:\(hub.port) is not trusted "
                + "(SSL certificate problem: self-signed certificate): nothing was sent. "
                + "If the hub has a certificate of its own, name its file in $CURL_CA_BUNDLE.")
    }

    @Test("a certificate whose authority is named is trusted", .needsOpenSSL)
    func named() throws {
        let hub = try TLSHub()
        let client = client(trust: CertificateTrust(bundle: hub.certificate))
        let response = try client.send(HTTPRequest(.get, "https://127.0.0.1:\(hub.port)/"))
        #expect(response.status == 200)
        #expect(!response.body.isEmpty)
    }

    @Test("a trusted certificate for another name is refused", .needsOpenSSL)
    func otherName() throws {
        let hub = try TLSHub(name: "DNS:elsewhere.test")
        let client = client(trust: CertificateTrust(bundle: hub.certificate))
        let error = failure(HTTPRequest(.get, "https://127.0.0.1:\(hub.port)/"), client)
        #expect(error?.code == .tls)
        #expect(
            error?.message == "The certificate of 127.0.0.1:\(hub.port) is not trusted "
                + "(SSL: no alternative certificate subject name matches "
                + "target host name '127.0.0.1'): nothing was sent.")
    }

    @Test(
        "a trusted certificate that has expired is refused before anything is sent", .needsOpenSSL)
    func expired() throws {
        let hub = try TLSHub(isExpired: true)
        let client = client(trust: CertificateTrust(bundle: hub.certificate))
        let error = failure(
            HTTPRequest(
                .get, "https://127.0.0.1:\(hub.port)/",
                headers: [HTTPHeader("Authorization", "Bearer tly_secret")]), client)
        #expect(error?.code == .tls)
        #expect(
            error?.message == "The certificate of 127.0.0.1:\(hub.port) is not trusted "
                + "(SSL certificate problem: certificate has expired): nothing was sent.")
    }

    @Test("a hub that does not speak TLS is told so")
    func noTLS() {
        let server = TestServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForClose()
        }
        let error = failure(HTTPRequest(.get, "https://\(server.host)/"))
        #expect(error?.code == .tls)
        #expect(error?.message.hasPrefix("No secure connection to \(server.host): ") == true)
        #expect(
            error?.hint
                == "Check that the hub speaks TLS at this port, and $CURL_CA_BUNDLE if it is set.")
    }

    @Test("a file of authorities that is not there is told so")
    func missingBundle() {
        let server = TestServer { $0.waitForClose() }
        let client = client(trust: CertificateTrust(bundle: "/nowhere/ca.pem"))
        let error = failure(HTTPRequest(.get, "https://\(server.host)/"), client)
        #expect(error?.code == .tls)
        #expect(error?.message.contains("/nowhere/ca.pem") == true, "\(error?.message ?? "")")
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var needsOpenSSL: Self {
        .enabled(if: TLSHub.openssl != nil, "the openssl program is not installed")
    }
}

/// `openssl s_server` on a free port, with a certificate of its own for `name`.
private final class TLSHub {
    static let openssl = [
        "/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

    let certificate: String
    let port: Int
    private let folder: URL
    private let server = Process()

    init(name: String = "IP:127.0.0.1", isExpired: Bool = false) throws {
        let openssl = URL(fileURLWithPath: try #require(TLSHub.openssl))
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-tls-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appendingPathComponent("key.pem").path
        certificate = folder.appendingPathComponent("certificate.pem").path

        let newKey = [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=tally test", "-keyout", key,
        ]
        func run(_ arguments: [String]) throws {
            let process = Process()
            process.executableURL = openssl
            process.arguments = arguments
            process.currentDirectoryURL = folder
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        if isExpired {
            // Only `openssl ca` dates a certificate in the past.
            try Self.authority(for: name).write(
                to: folder.appendingPathComponent("ca.cnf"), atomically: true, encoding: .utf8)
            try Data().write(to: folder.appendingPathComponent("index"))
            try run(["req"] + newKey + ["-out", "request.pem"])
            try run([
                "ca", "-batch", "-config", "ca.cnf", "-selfsign", "-keyfile", key, "-notext",
                "-in", "request.pem", "-out", certificate, "-startdate", "20200101000000Z",
                "-enddate", "20200102000000Z",
            ])
        } else {
            try run(
                ["req", "-x509"] + newKey
                    + ["-days", "2", "-addext", "subjectAltName=\(name)", "-out", certificate])
        }

        server.executableURL = openssl
        server.arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate, "-key", key,
        ]
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        // It prints "ACCEPT 127.0.0.1:PORT" once it listens.
        var text = ""
        while text.firstRange(of: /ACCEPT .*:[0-9]+\n/) == nil {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty, "openssl s_server ended: \(text)")
            text += String(decoding: piece, as: UTF8.self)
        }
        let digits = text.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
        port = try #require(Int(digits))
    }

    private static func authority(for name: String) -> String {
        """
        [ca]
        default_ca = self
        [self]
        database = index
        new_certs_dir = .
        rand_serial = yes
        default_md = sha256
        policy = any
        x509_extensions = names
        [any]
        commonName = supplied
        [names]
        subjectAltName = \(name)

        """
    }

    deinit {
        // Not `terminate`: SIGTERM may be blocked in the thread that starts the process, and with it
        // in the process.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
