/// What one changeset did to one record.
public struct RecordStep: Sendable {
    public let author: Coverage
    /// Never empty.
    public let edits: [RecordEdit]

    public init(_ author: Coverage, _ edits: [RecordEdit]) {
        self.author = author
        self.edits = edits
    }

    public var revision: Revision { author.revision }
}

/// A part of a record that is written, and taken back, as a whole.
public enum RecordPart: Hashable, Sendable {
    case existence
    /// By its name.
    case statement(String)
    case element(Element)
}

/// What takes a deed back from one record: edits, what they leave as it is, and what becomes of its conflicts.
public struct Inverse: Sendable, Equatable {
    /// What one changeset may hold together; empty where there is nothing to put back.
    public var edits: [RecordEdit] = []
    /// Existence first, then statements, then elements, each sorted by bytes.
    public var left: [Left] = []
    /// The revisions that wrote the values and elements that the edits put back: none for what nobody had written.
    public var sources: Set<Revision> = []
    /// The statements whose conflicts the edits open; `-` is existence.
    public var opened: [String] = []
    /// The statements whose conflicts the edits settle.
    public var settled: [String] = []

    /// A part that the deed wrote and that stays as it is.
    public struct Left: Hashable, Sendable {
        public let part: RecordPart
        public let reason: Reason
        /// Whose it is now; sorted by replica, then seq.
        public let revisions: [Revision]

        public init(_ part: RecordPart, _ reason: Reason, _ revisions: [Revision]) {
            self.part = part
            self.reason = reason
            self.revisions = revisions
        }
    }

    public enum Reason: String, Sendable, CaseIterable {
        /// A statement or an element that has been written again since.
        case changed
        /// Somebody else wrote the same: it is as it would be without the deed.
        case same
        /// The record is deleted by somebody else.
        case deleted
        /// A record that the deed added or restored, and that has been edited since.
        case edited
        /// A record that somebody else added or restored as well, not knowing of the deed.
        case added
        /// A record that the deed deleted, and that is back already; or one that it added, deleted and brought back since.
        case restored
        /// A deletion beside an edit that the deed settled by keeping the record: no changeset can put both side by side.
        case settled
        /// One of several fields of a newer version that only it can put back, for they may mean something only together.
        case newer
    }

    public init() {}
}
