/// What one changeset does to one record.
public enum RecordEdit: Sendable, Equatable {
    /// A `set` with no fields.
    case create
    case set(statement: String, value: [Value])
    case add(Element)
    case remove(Element)
    case delete
    case restore
    case reopen(statement: String, versions: [[Value]])
}

extension RecordState {
    /// Applies an edit of the changeset that `author` describes.
    ///
    /// The rules are those of DESIGN.md section 4, “Applying an edit of revision d”.
    ///
    /// - Complexity: O(versions of what the edit names).
    public mutating func apply(_ edit: RecordEdit, by author: Coverage) {
        switch edit {
        case .create:
            assertPresence(by: author)
        case .set(let statement, let value):
            write([value], to: statement, by: author)
            assertPresence(by: author)
        case .add(let element):
            elements[element, default: []].replaceCovered(by: author, with: true)
            assertPresence(by: author)
        case .remove(let element):
            elements[element, default: []].replaceCovered(by: author, with: false)
            assertPresence(by: author)
        case .delete:
            existence.replaceCovered(by: author, with: .deleted)
        case .restore:
            existence.replaceCovered(by: author, with: .present)
        case .reopen(let statement, let versions):
            write(versions, to: statement, by: author)
        }
    }

    private mutating func write(
        _ values: [[Value]], to statement: String, by author: Coverage
    ) {
        var state = statements[statement] ?? StatementState()
        let count = state.versions.count
        state.versions.removeAll { author.covers($0.revision) }
        if state.versions.count < count { state.hasHistory = true }
        state.versions.insertSorted(values, author.revision)
        statements[statement] = state
    }

    /// Every edit but a deletion says that the record is there; versions that say it is deleted stay.
    private mutating func assertPresence(by author: Coverage) {
        existence.removeAll { $0.content == .present && author.covers($0.revision) }
        existence.insertSorted(.present, author.revision)
    }
}

extension [Version<Existence>] {
    fileprivate mutating func replaceCovered(by author: Coverage, with content: Existence) {
        removeAll { author.covers($0.revision) }
        insertSorted(content, author.revision)
    }
}

extension [Version<Bool>] {
    fileprivate mutating func replaceCovered(by author: Coverage, with content: Bool) {
        removeAll { author.covers($0.revision) }
        insertSorted(content, author.revision)
    }
}

extension Array {
    /// Puts a version in its place (by replica, seq, order), unless the revision has written the same content already.
    fileprivate mutating func insertSorted<Content>(
        _ content: Content, _ revision: Revision
    ) where Element == Version<Content> {
        let own = filter { $0.revision == revision }
        if own.contains(where: { $0.content == content }) { return }
        let version = Version(content, revision, order: own.count)
        let place = firstIndex { version.comesBefore($0) } ?? endIndex
        insert(version, at: place)
    }

    /// The same for several of one revision, of which each would go through all others; one alone needs no set for that.
    ///
    /// - Complexity: O(count + contents).
    fileprivate mutating func insertSorted<Content>(
        _ contents: [Content], _ revision: Revision
    ) where Element == Version<Content> {
        if contents.count == 1 { return insertSorted(contents[0], revision) }
        var own = Set(lazy.filter { $0.revision == revision }.map(\.content))
        var versions: [Version<Content>] = []
        for content in contents {
            let order = own.count
            if own.insert(content).inserted {
                versions.append(Version(content, revision, order: order))
            }
        }
        guard let first = versions.first else { return }
        let place = firstIndex { first.comesBefore($0) } ?? endIndex
        insert(contentsOf: versions, at: place)
    }
}

extension Version {
    /// The order in which versions are kept; it means nothing but that copies keep them alike.
    fileprivate func comesBefore(_ other: Self) -> Bool {
        if revision.replica != other.revision.replica {
            return revision.replica < other.revision.replica
        }
        return (revision.seq, order) < (other.revision.seq, other.order)
    }
}
