import GRDB
import TallyCore

/// The policies that the team has agreed on, kept as settings `policy.KIND.FIELD`.
enum PolicySettings {
    static let kind = "setting"
    static let prefix = "policy."

    static func read(_ db: Database, kinds: KindCatalog) throws -> PolicyTable {
        var table = PolicyTable()
        try SQL(
            "SELECT name, value FROM setting WHERE name >= 'policy.' AND name < 'policy/'", in: db
        ).forEach { row in
            guard let (kind, statement) = target(of: row.text(0), kinds: kinds),
                let policy = Policy(rawValue: row.text(1))
            else { return }
            table[kind, statement] = policy
        }
        return table
    }

    /// The kind and the statement of which a setting speaks; nil when it is no policy.
    ///
    /// A statement goes by its own name only, so that no two settings speak of one. Settings themselves are always settled
    /// by people: a policy that decided which policy holds would make the order of arrival decide.
    static func target(of name: String, kinds: KindCatalog) -> (kind: String, statement: String)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] + "." == prefix, parts[1] != kind,
            let statement = kinds[parts[1]]?.statement(of: parts[2]), statement.name == parts[2]
        else { return nil }
        return (parts[1], statement.name)
    }
}

extension RecordTable {
    /// Reads the policies anew and lets every record with concurrent versions be judged by them.
    ///
    /// - Complexity: O(records with versions of their own).
    func reconsider() throws {
        let old = policies
        policies = try PolicySettings.read(db, kinds: kinds)
        guard policies != old else { return }
        var addresses: [RecordAddress] = []
        try SQL("SELECT kind, key FROM tally_state", in: db).forEach { row in
            addresses.append(try Self.address(kind: row.text(0), key: row.text(1)))
        }
        for address in addresses {
            let record = try load(address)
            guard record.state.statements.values.contains(where: { $0.versions.count > 1 }),
                let position = try record.state.revisions.map(revisions.position(of:)).max()
            else { continue }
            try save(address, from: record, to: record.state, touchedAt: position)
        }
    }
}

extension DatasetAccess {
    /// The policy that holds for a statement: the team's, else the kind's own.
    public func policy(of statement: Kind.Statement, kind: String) -> Policy {
        records.policies.policy(of: statement, kind: kind)
    }
}
