import TallyCore
import TallyHub
import TallyStore
import TallyWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A hub in a folder of its own, with a member of each role and the dataset `korea`.
final class HubBench {
    static let dataset = id("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    static let otherDataset = id("0b6a1f00-0000-4000-8000-000000000001")

    static func id(_ text: String) -> DatasetID {
        guard let id = DatasetID(text) else { preconditionFailure("\(text) is no UUID") }
        return id
    }

    let folder: TemporaryFolder
    let service: HubService
    private var tokens: [String: String] = [:]

    /// - Parameters:
    ///   - isEmpty: without the dataset `korea`.
    ///   - snapshotFreshBytes: how long a snapshot is handed out.
    init(isEmpty: Bool = false, snapshotFreshBytes: Int? = nil) throws {
        folder = try TemporaryFolder()
        service = try HubService(
            folder: folder.path + "/hub", snapshotFreshBytes: snapshotFreshBytes)
        for role in Role.allCases { try addMember(role.rawValue, role, of: ["korea"]) }
        try addMember("stranger", .admin, of: ["elsewhere"])
        if !isEmpty {
            let answer = put("korea", Self.dataset)
            precondition(answer.status == 201, "\(answer.summary)")
        }
    }

    deinit {
        service.close()
    }

    /// Makes a token; the member is then asked for by name.
    func addMember(_ name: String, _ role: Role, of datasets: [String]) throws {
        tokens[name] = try service.members.createToken(
            name: name, datasets: datasets, role: role, at: Timestamp(milliseconds: 0)
        ).text
    }

    func token(of member: String) -> String { tokens[member] ?? "tally_nobody" }

    // MARK: Requests

    func request(
        _ method: String, _ target: String, as member: String? = "writer",
        headers: HubHeaders = HubHeaders(), body: [UInt8] = []
    ) -> HubRequest {
        var headers = headers
        if let member { headers.add("Authorization", "Bearer " + token(of: member)) }
        return HubRequest(method: method, target: target, headers: headers, body: body)
    }

    func send(
        _ method: String, _ target: String, as member: String? = "writer",
        headers: HubHeaders = HubHeaders(), body: [UInt8] = []
    ) -> HubAnswer {
        service.answer(request(method, target, as: member, headers: headers, body: body))
    }

    func put(_ name: String, _ id: DatasetID, as member: String = "admin") -> HubAnswer {
        send("PUT", "/v1/datasets/" + name, as: member, body: Array(#"{"dataset":"\#(id)"}"#.utf8))
    }

    func push(
        _ lines: [[UInt8]], as member: String? = "writer", headers: HubHeaders = HubHeaders()
    ) -> HubAnswer {
        send("POST", Self.changesets, as: member, headers: headers, body: Self.body(lines))
    }

    /// - Parameter query: with its `?`.
    func pull(_ query: String = "", as member: String = "reader") -> HubAnswer {
        send("GET", Self.changesets + query, as: member)
    }

    func heads() -> HubAnswer { send("GET", "/v1/datasets/korea", as: "reader") }

    static let changesets = "/v1/datasets/korea/changesets"

    static func body(_ lines: [[UInt8]]) -> [UInt8] {
        lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    /// The whole log as text, so that a refusal can be shown to have changed nothing.
    var log: [String] { pull("?limit=10000").lines }
}

extension HubAnswer {
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

    var text: String { String(decoding: body, as: UTF8.self) }

    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// Status, word and the members that a program reads: `409 gap line=2 expected=3`.
    var summary: String {
        var parts = [String(status)]
        if let word { parts.append(word.rawValue) }
        for name in ["line", "expected"] {
            if let number = json[name]?.count { parts.append("\(name)=\(number)") }
        }
        return parts.joined(separator: " ")
    }

    var detail: String { json["detail"]?.string ?? "" }

    /// `accepted/duplicates` of a push.
    var taken: String {
        "\(json["accepted"]?.count ?? -1)/\(json["duplicates"]?.count ?? -1)"
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/tally-hub-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StoreError(.cannotCreate, "no temporary folder")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        Self.remove(path)
    }

    func names(in folder: String) -> [String] { Self.names(in: path + "/" + folder) }

    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in names(in: path) { remove(path + "/" + name) }
        rmdir(path)
    }
}
