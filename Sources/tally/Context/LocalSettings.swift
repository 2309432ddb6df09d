import TallyStore
import TallyWire

/// What a person has set on this machine: `$XDG_CONFIG_HOME/tally/config.json`, tokens in `tokens.json` beside it.
///
/// Both are of mode 0600.
struct LocalSettings {
    private let folder: String?
    private var values: [String: String] = [:]

    /// The settings that are kept here, with what they mean.
    static let names: [(name: String, label: String)] = [
        ("author", "who writes, as others see it"),
        ("machine", "how this machine is called"),
    ]

    init(environment: [String: String]) throws {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        folder =
            value("XDG_CONFIG_HOME").map { $0 + "/tally" }
            ?? value("HOME").map { $0 + "/.config/tally" }
        values = try read("config.json")
    }

    var author: String? { values["author"] }
    var machine: String? { values["machine"] }

    subscript(name: String) -> String? { values[name] }

    mutating func set(_ name: String, _ value: String) throws {
        try change("config.json") { $0[name] = value }
        values[name] = value
    }

    /// The token for the hub at `origin`.
    func token(for origin: String) throws -> String? { try read("tokens.json")[origin] }

    func saveToken(_ token: String, for origin: String) throws {
        try change("tokens.json") { $0[origin] = token }
    }

    private func read(_ name: String) throws -> [String: String] {
        guard let folder, let bytes = try FileBytes.read("\(folder)/\(name)", limit: 1 << 20) else {
            return [:]
        }
        guard let members = (try? JSONValue(parsing: bytes))?.object else {
            throw Failure(
                "bad-input", "\(folder)/\(name) is no JSON object",
                hint: "Mend or remove the file.",
                exitCode: 65)
        }
        return Dictionary(
            members.compactMap { member in member.value.string.map { (member.name, $0) } },
            uniquingKeysWith: { $1 })
    }

    /// Two programs that change a file at once change it one after the other.
    private func change(_ name: String, _ body: (inout [String: String]) -> Void) throws {
        guard let folder else {
            throw Failure(
                "no-home", "There is no place to keep settings: $HOME is not set",
                hint: "Set $XDG_CONFIG_HOME, or $TALLY_AUTHOR and $TALLY_TOKEN.", exitCode: 73)
        }
        try FileBytes.makeFolder(folder)
        let lock = try FileLock(
            path: "\(folder)/lock", timeoutMs: 5000,
            busy: "Another program is changing the settings")
        defer { lock.release() }
        var values = try read(name)
        body(&values)
        let members = values.sorted { $0.key < $1.key }
            .map { JSONValue.Member($0.key, .string($0.value)) }
        try FileBytes.replace("\(folder)/\(name)", with: JSONValue.object(members).bytes + [0x0a])
    }
}
