import TallyCore
import TallyStore
import TallyWire

extension HubService {
    /// `GET /v1/datasets`: those that exist and for which the token has a role, sorted by name.
    func list(for member: MemberStore.Member) throws -> HubAnswer {
        var rows: [JSONValue] = []
        for (name, role) in member.roles.sorted(by: { $0.key < $1.key }) {
            guard let dataset = try folder.dataset(named: name) else { continue }
            rows.append([
                "name": .string(name), "dataset": .string(dataset.id.text),
                "role": .string(role.rawValue),
            ])
        }
        return HubAnswer(json: ["datasets": .array(rows)])
    }

    /// `PUT …/NAME` with `{"dataset":"uuid"}`: creates it, or finds that it is there.
    func create(_ name: String, body: [UInt8]) throws -> HubAnswer {
        let json: JSONValue
        do throws(JSONFault) {
            json = try JSONValue(parsing: body)
        } catch {
            throw Problem(.invalid, "the body is not JSON: \(error.reason)")
        }
        guard let text = json["dataset"]?.string, let id = DatasetID(text) else {
            throw Problem(
                .invalid, #"the body is not {"dataset":"UUID"} with a UUID in lower case"#)
        }
        let (dataset, isNew) = try folder.create(name: name, id: id)
        guard dataset.id == id else {
            throw Problem(.exists, "\(name) is dataset \(dataset.id) on this hub, not \(id)")
        }
        var answer = HubAnswer(
            status: isNew ? 201 : 200, json: try Self.heads(of: dataset, name: name).json)
        answer.headers.add("etag", EntityTag.of(answer.body))
        if isNew { answer.headers.add("location", "/v1/datasets/\(name)") }
        return answer
    }

    /// `GET …/NAME`.
    ///
    /// The answer depends on nothing but what the log holds, so that the hash of its bytes is a strong tag: it changes
    /// with the heads, and with the epoch or the dataset behind the name.
    func heads(of name: String, _ request: HubRequest) throws -> HubAnswer {
        var answer = HubAnswer(json: try Self.heads(of: existing(name), name: name).json)
        let tag = EntityTag.of(answer.body)
        if EntityTag.matches(tag, request.headers["if-none-match"]) {
            return HubAnswer(status: 304, headers: ["etag": tag])
        }
        answer.headers.add("etag", tag)
        return answer
    }

    private static func heads(of dataset: OpenDataset, name: String) throws -> DatasetHeads {
        try dataset.reader.read { access in
            DatasetHeads(
                dataset: dataset.id, name: name, epoch: try access.epoch(),
                cursor: try access.cursor().text, heads: access.heads)
        }
    }
}
