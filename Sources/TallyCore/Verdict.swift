/// A distinct value among concurrent versions, and whose it is.
public struct Side<Content: Hashable & Sendable>: Hashable, Sendable {
    public let content: Content
    /// The latest version of this value: it gives the side its time, its letter and its first author.
    public let latest: Version<Content>
    /// All versions of this value, latest first: authors of equal values share the side.
    public let versions: [Version<Content>]
}

/// What the versions of a statement come to: a clean value, or sides and a provisional winner.
public struct Verdict<Content: Hashable & Sendable>: Hashable, Sendable {
    /// The distinct values that no other beats, by time, then replica id, then order in the line. One: the value is
    /// clean. Several: a conflict; they are lettered A, B, C … in this order, and the last is the provisional winner.
    public let sides: [Side<Content>]
    /// The versions that the policy dropped.
    public let beaten: [Version<Content>]

    public var winner: Version<Content> { sides[sides.count - 1].latest }
    public var isConflict: Bool { sides.count > 1 }
}

/// When revisions were written: all that a verdict needs to know of a changeset.
public typealias RevisionTimes = (Revision) -> Timestamp

extension Verdict {
    /// - Parameter beats: a strict partial order on versions.
    /// - Precondition: there is a version.
    /// - Complexity: O(versions²).
    init(
        _ versions: [Version<Content>], at time: RevisionTimes,
        beats: (Version<Content>, Version<Content>) -> Bool
    ) {
        var (kept, beaten): ([Version<Content>], [Version<Content>]) = ([], [])
        for version in versions {
            if versions.contains(where: { beats($0, version) }) {
                beaten.append(version)
            } else {
                kept.append(version)
            }
        }
        self.init(kept, at: time, beaten: beaten)
    }

    /// What those come to of which none beats another.
    ///
    /// - Precondition: there is a version.
    /// - Complexity: O(versions · log versions).
    init(
        _ kept: [Version<Content>], at time: RevisionTimes, beaten: [Version<Content>] = []
    ) {
        precondition(!kept.isEmpty, "a verdict is on something")
        // A replica stands twice only where it edited a record that it had deleted while others edited it; its times
        // then differ unless its clock was forged.
        func isEarlier(_ a: Version<Content>, _ b: Version<Content>) -> Bool {
            (time(a.revision), a.revision.replica, a.revision.seq, a.order)
                < (time(b.revision), b.revision.replica, b.revision.seq, b.order)
        }
        var groups: [[Version<Content>]] = []
        var places: [Content: Int] = [:]
        for version in kept.sorted(by: { isEarlier($1, $0) }) {
            if let known = places[version.content] {
                groups[known].append(version)
            } else {
                places[version.content] = groups.count
                groups.append([version])
            }
        }
        sides = groups.reversed().map {
            Side(content: $0[0].content, latest: $0[0], versions: $0)
        }
        self.beaten = beaten
    }
}

extension StatementState {
    /// What the versions come to under the policy.
    ///
    /// - Returns: nil when nobody has written the statement.
    public func verdict(
        of statement: Kind.Statement, policy: Policy, at time: RevisionTimes
    ) -> Verdict<[Value]>? {
        guard !versions.isEmpty else { return nil }
        if policy == .manual { return Verdict(versions, at: time) }
        return Verdict(versions, at: time) { a, b in
            policy.beats(
                PolicyCandidate(value: a.content, revision: a.revision, at: time(a.revision)),
                PolicyCandidate(value: b.content, revision: b.revision, at: time(b.revision)),
                in: statement)
        }
    }
}

extension RecordState {
    /// Whether the record is shown: somebody says that it is there, whether or not somebody else deleted it.
    public var isVisible: Bool { existence.contains { $0.content == .present } }

    /// Whether everybody who spoke last of the record deleted it.
    public var isGone: Bool { !existence.isEmpty && !isVisible }

    /// What is known of the record's existence; a conflict when a deletion is concurrent with an edit.
    public func existenceVerdict(at time: RevisionTimes) -> Verdict<Existence>? {
        guard !existence.isEmpty else { return nil }
        return Verdict(existence, at: time)
    }

    /// The elements that are in the set, sorted by bytes: in beats out, so that a set never conflicts.
    public func elements(of field: String) -> [String] {
        elements.filter { $0.key.field == field && $0.value.contains(where: \.content) }
            .map(\.key.text).sorted { $0.precedesInBytes($1) }
    }

    /// The set fields that have elements, known to the kind or not.
    public var occupiedSetFields: Set<String> {
        Set(elements.filter { $0.value.contains(where: \.content) }.map(\.key.field))
    }
}
