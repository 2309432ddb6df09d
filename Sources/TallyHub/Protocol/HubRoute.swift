/// What a path stands for; the name in it is not yet believed.
enum HubRoute: Equatable {
    case health
    case metrics
    case datasets
    case dataset(name: String)
    case changesets(name: String)
    case snapshot(name: String)

    /// - Parameter path: undecoded. No name needs percent encoding, so that nothing is ever decoded, and `..%2f` is
    ///   simply no name.
    /// - Returns: nil when there is nothing at that path.
    init?(path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        switch parts.count {
        case 2 where parts[1] == "healthz": self = .health
        case 2 where parts[1] == "metrics": self = .metrics
        case 3 where parts[1] == "v1" && parts[2] == "datasets": self = .datasets
        case 4 where parts[1] == "v1" && parts[2] == "datasets" && !parts[3].isEmpty:
            self = .dataset(name: parts[3])
        case 5 where parts[1] == "v1" && parts[2] == "datasets" && parts[4] == "changesets":
            self = .changesets(name: parts[3])
        case 5 where parts[1] == "v1" && parts[2] == "datasets" && parts[4] == "snapshot":
            self = .snapshot(name: parts[3])
        default: return nil
        }
        guard parts[0].isEmpty else { return nil }
    }

    /// The path as the documentation writes it: for metrics, of which there must not be one per name.
    var pattern: String {
        switch self {
        case .health: return "/healthz"
        case .metrics: return "/metrics"
        case .datasets: return "/v1/datasets"
        case .dataset: return "/v1/datasets/NAME"
        case .changesets: return "/v1/datasets/NAME/changesets"
        case .snapshot: return "/v1/datasets/NAME/snapshot"
        }
    }

    var methods: [String] {
        switch self {
        case .health, .metrics, .datasets, .snapshot: return ["GET"]
        case .dataset: return ["GET", "PUT"]
        case .changesets: return ["GET", "POST"]
        }
    }
}
