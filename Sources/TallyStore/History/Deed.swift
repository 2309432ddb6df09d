import TallyCore
import TallyWire

/// Changesets that are one deed: one, or those of a group in the order of their parts.
public struct Deed: Sendable {
    /// Never empty.
    public let infos: [RevisionInfo]

    public var first: RevisionInfo { infos[0] }
    public var last: RevisionInfo { infos[infos.count - 1] }
    public var revisions: Set<Revision> { Set(infos.map(\.revision)) }
}

extension DatasetAccess {
    /// The deed that a changeset is of, or is a part of.
    ///
    /// - Throws: `StoreError` (`badInput`) when it has not arrived whole.
    /// - Complexity: O(changesets of the group).
    public func deed(of info: RevisionInfo) throws -> Deed {
        guard let group = info.group else { return Deed(infos: [info]) }
        var infos: [RevisionInfo] = []
        // By replica too: the id of a group is whatever its writer says.
        try SQL(
            RevisionIndex.select
                + " WHERE l.group_id = ? AND r.replica = ? ORDER BY l.group_part, l.seq", in: db
        ).bind(1, group.id).bind(2, info.revision.replica.text)
            .forEach { infos.append(try RevisionIndex.read($0)) }
        let parts = infos.compactMap(\.group?.part)
        guard parts == Array(1...max(1, parts.count)), infos.last?.group?.isLast == true else {
            throw StoreError(
                .badInput,
                "\(info.revision.short) is part \(group.part) of a deed that has not arrived whole",
                hint: "Fetch the rest first: tally sync --pull")
        }
        return Deed(infos: infos)
    }

    /// The last deed of the replica that writes here.
    ///
    /// - Returns: nil when this file has written nothing yet.
    public func latestOwnDeed() throws -> Deed? {
        guard let replica = try meta("replica").flatMap({ ReplicaID($0) }),
            let head = replicas.rows[replica]?.head
        else { return nil }
        return try deed(of: info(of: Revision(replica, head.seq)))
    }
}
