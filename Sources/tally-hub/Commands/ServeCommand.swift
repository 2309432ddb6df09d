import ArgumentParser
import TallyStore
import TallyTerminal

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves the datasets of a folder until it is told to stop (SIGTERM, SIGINT).",
        discussion: """
            It listens on loopback unless told otherwise, and beyond loopback only with TLS or behind a proxy that \
            speaks TLS.

            EXAMPLE
              tally-hub serve --data hub
              tally-hub serve --data hub --host 0.0.0.0 --tls-certificate hub.pem --tls-key hub.key
            """)

    @OptionGroup var data: DataOption
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"
    @Option(
        help: "The port to listen on; 0 takes a free one, which the first line of output names.")
    var port = 8464
    @Option(help: "A certificate chain in PEM; needs --tls-key.")
    var tlsCertificate: String?
    @Option(help: "The private key of the certificate in PEM.")
    var tlsKey: String?
    @Flag(help: "A proxy in front speaks TLS: plain HTTP beyond loopback is meant.")
    var behindProxy = false
    @OptionGroup var bounds: BoundOptions

    func validate() throws {
        guard (0...65535).contains(port) else {
            throw ValidationError("--port \(port) is no port: 0 to 65535")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
        guard isLoopback || tlsCertificate != nil || behindProxy else {
            throw ValidationError(
                "--host \(host) is beyond this machine, and tokens would go over the network in the clear. Give "
                    + "--tls-certificate and --tls-key, or --behind-proxy where a proxy in front speaks TLS."
            )
        }
    }

    private var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    func run() async throws {
        ProcessMemory.returnLargeBlocks()
        ProcessMemory.shareArenas()
        SQLiteMemory.keepNoAccount()
        try await CommandFailure.reporting {
            var tls: HubServer.TLSFiles?
            if let tlsCertificate, let tlsKey {
                tls = HubServer.TLSFiles(certificate: tlsCertificate, key: tlsKey)
            }
            try await HubServer(
                folder: data.data, host: host, port: port, tls: tls, bounds: bounds.bounds
            ).run()
        }
    }
}

/// Bounds that are seldom changed, and by tests.
struct BoundOptions: ParsableArguments {
    @Option(help: .hidden) var maxConnections: Int?
    @Option(help: .hidden) var idleSeconds: Int?
    @Option(help: .hidden) var bodySeconds: Int?
    @Option(help: .hidden) var partSeconds: Int?

    func validate() throws {
        for case let value? in [maxConnections, idleSeconds, bodySeconds, partSeconds]
        where value < 1 {
            throw ValidationError("\(value) is no bound: it must be 1 or more")
        }
    }

    var bounds: Bounds {
        var bounds = Bounds()
        bounds.connections = maxConnections ?? bounds.connections
        bounds.idleSeconds = idleSeconds ?? bounds.idleSeconds
        bounds.bodySeconds = bodySeconds ?? bounds.bodySeconds
        bounds.partSeconds = partSeconds ?? bounds.partSeconds
        return bounds
    }
}
