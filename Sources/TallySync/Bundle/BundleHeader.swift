import TallyCore
import TallyStore
import TallyWire

/// The first line of a bundle: of which dataset it is, what whoever takes it must hold already, and what they hold then.
///
/// ```
/// {"bundle":1,"format":1,"dataset":"6f9619ff-…","name":"korea","since":{"k3m9x2p7qa5dw4ye":{"seq":4,"hash":"9f86d0…"}},
///  "heads":{"b7c2…":{"seq":3,"hash":"5e88…"},"k3m9x2p7qa5dw4ye":{"seq":7,"hash":"60303a…"}},"count":6,"hub":"b7c2…:2"}
/// ```
///
/// (shown folded). Members that are not known are passed over.
public struct BundleHeader: Sendable, Equatable {
    public let dataset: DatasetID
    public let name: String
    /// Where the lines begin: of each replica behind this changeset; of those that are absent at their first.
    public let since: [ReplicaID: Head]
    /// Where they end: what the file held that the bundle was made of.
    public let heads: [ReplicaID: Head]
    /// What the dataset's hub was known to hold; nil where no hub was known.
    public let hub: RevisionVector?
    /// How many lines lie between the two.
    public let count: Int

    /// The version of the file, and the newest that is read.
    static let version = 1

    /// - Returns: nil where the two are no beginning and end of a log.
    init?(
        dataset: DatasetID, name: String, since: [ReplicaID: Head], heads: [ReplicaID: Head],
        hub: RevisionVector?
    ) {
        var count = 0
        for (replica, head) in heads {
            let begin = since[replica]
            guard begin.map({ $0.seq < head.seq || $0 == head }) ?? true else { return nil }
            count += head.seq - (begin?.seq ?? 0)
            guard count <= Revision.maximumSeq else { return nil }
        }
        guard since.keys.allSatisfy({ heads[$0] != nil }) else { return nil }
        self.dataset = dataset
        self.name = name
        self.since = since
        self.heads = heads
        self.hub = hub
        self.count = count
    }

    var line: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("bundle", .number(Double(Self.version))),
            .init("format", .number(Double(ChangesetLine.format))),
            .init("dataset", .string(dataset.text)), .init("name", .string(name)),
            .init("since", .heads(since)), .init("heads", .heads(heads)),
            .init("count", .number(Double(count))),
        ]
        if let hub { members.append(.init("hub", .string(hub.text))) }
        return JSONValue.object(members).bytes
    }

    /// - Throws: `BundleFault`.
    init(line: [UInt8]) throws(BundleFault) {
        guard let json = try? JSONValue(parsing: line), let version = json["bundle"]?.count else {
            throw .notABundle
        }
        let format = json["format"]?.count ?? 0
        guard version <= Self.version, format <= ChangesetLine.format else {
            throw .newer(version: version, format: format)
        }
        let hub = json["hub"]?.string
        guard version == Self.version, format == ChangesetLine.format,
            let dataset = json["dataset"]?.string.flatMap({ DatasetID($0) }),
            let name = json["name"]?.string, let since = json["since"]?.heads,
            let heads = json["heads"]?.heads, let count = json["count"]?.count,
            let header = Self(
                dataset: dataset, name: name, since: since, heads: heads,
                hub: hub.flatMap { RevisionVector($0) }),
            header.count == count, (header.hub == nil) == (json["hub"] == nil)
        else { throw .damaged("its first line says nothing that goes together") }
        self = header
    }
}
