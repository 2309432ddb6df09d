import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TallyHub
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The hub on a socket: HTTP by Hummingbird, answers by `HubService`.
struct HubServer {
    let folder: String
    let host: String
    let port: Int
    let tls: TLSFiles?
    let bounds: Bounds

    struct TLSFiles {
        let certificate: String
        let key: String
    }

    /// Serves until SIGTERM or SIGINT; every file is closed when this returns.
    func run() async throws {
        Self.raiseFileLimit()
        let builder = try builder()
        // Pushes to one dataset queue, each on its thread; those of others should still find one.
        let pool = NIOThreadPool(numberOfThreads: 32)
        pool.start()
        let (folder, isTLS) = (folder, tls != nil)
        let service = try await pool.runIfActive { try HubService(folder: folder) }
        let responder = HubResponder(service: service, pool: pool, bounds: bounds)
        var logger = Logger(label: "tally-hub") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let server = try builder.buildServer(
            configuration: ServerConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: .maximum(bounds.connections, logger: logger)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { request, writer, channel in
                try await responder.respond(to: request, writer, on: channel)
            },
            onServerRunning: { [host] channel in
                let port = channel.localAddress?.port ?? 0
                let name = host.contains(":") ? "[\(host)]" : host
                StandardStream.output.write(
                    "Listening on \(isTLS ? "https" : "http")://\(name):\(port)\n")
            })
        var configuration = ServiceGroupConfiguration(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(bounds.stopSeconds)
        let result: Result<Void, any Error>
        do {
            try await ServiceGroup(configuration: configuration).run()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await pool.runIfActive { service.close() }
        try await pool.shutdownGracefully()
        do {
            try result.get()
        } catch let error as IOError {
            throw failure(error)
        }
    }

    private func builder() throws -> HTTPServerBuilder {
        let http = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(Int64(bounds.idleSeconds)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024,
                    maxHeaderFieldCount: 100)))
        guard let tls else { return http }
        for path in [tls.certificate, tls.key] where access(path, R_OK) != 0 {
            throw CommandFailure(
                66, "\(path) cannot be read: \(String(cString: strerror(errno)))",
                hint: "Name the PEM files with --tls-certificate and --tls-key.")
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificate)
            let key = try NIOSSLPrivateKey(file: tls.key, format: .pem)
            return try .tls(
                http,
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
        } catch {
            throw CommandFailure(
                65, "\(tls.certificate) and \(tls.key) cannot be used: \(error)",
                hint: "Both must be PEM, the certificate of the server first.")
        }
    }

    private func failure(_ error: IOError) -> CommandFailure {
        let what =
            "\(host):\(port) cannot be listened on: \(String(cString: strerror(error.errnoCode)))"
        switch error.errnoCode {
        case EADDRINUSE:
            return CommandFailure(
                75, what, hint: "Stop what listens there, or choose another port: --port 0")
        case EACCES: return CommandFailure(77, what, hint: "Choose a port above 1023.")
        default: return CommandFailure(74, what, hint: "Check --host and --port.")
        }
    }

    /// Each dataset takes three file descriptors, and two for its snapshot; each connection one.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
