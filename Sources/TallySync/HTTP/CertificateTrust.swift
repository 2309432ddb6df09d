#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Which certificate authorities are believed; nothing set means those of the system.
public struct CertificateTrust: Hashable, Sendable {
    /// A file of certificates (PEM).
    public var bundle: String?
    /// A folder of certificates, named by hash.
    public var folder: String?

    public init(bundle: String? = nil, folder: String? = nil) {
        self.bundle = bundle
        self.folder = folder
    }

    /// As the `curl` program does: `CURL_CA_BUNDLE`, else `SSL_CERT_DIR` and `SSL_CERT_FILE`; an
    /// empty variable is none. libcurl itself reads none of them:
    /// https://curl.se/docs/sslcerts.html
    public static func fromEnvironment(
        _ variable: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) -> CertificateTrust {
        func path(_ name: String) -> String? {
            variable(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        if let bundle = path("CURL_CA_BUNDLE") { return CertificateTrust(bundle: bundle) }
        return CertificateTrust(bundle: path("SSL_CERT_FILE"), folder: path("SSL_CERT_DIR"))
    }
}
