import TallyCore
import TallyStore

/// What becomes of one thing that a sheet says, against what it was when it was exported and what it is now.
public enum ThreeWay {
    public enum Outcome: String, Sendable {
        /// The sheet says what was exported.
        case untouched
        /// Others have come to the same, or it is a side of a conflict already.
        case same
        /// Nobody else has changed it: an ordinary edit.
        case edit
        /// Others have changed it to something else: an edit of somebody who has not seen that.
        case beside
        /// It was written before, by this sheet or by others, and something else since.
        case replaced
        /// It is in conflict, which an edit in a sheet does not settle.
        case left
        /// It is in conflict, and is to be settled.
        case settle
    }

    /// What is known of a statement beside its three values.
    struct Circumstances {
        /// There was a conflict when it was exported.
        var wasInConflict = false
        var isInConflict = false
        /// One of the sides has the value of the sheet.
        var isSide = false
        /// The value of the sheet has been written since.
        var wasSaid = false
        var resolves = false
    }

    static func statement<Content: Equatable>(
        base: Content, theirs: Content, mine: Content, _ known: Circumstances = Circumstances()
    ) -> Outcome {
        if mine == base { return .untouched }
        if known.isInConflict { return known.resolves ? .settle : known.isSide ? .same : .left }
        if mine == theirs { return .same }
        if known.wasInConflict, !known.resolves { return .left }
        if theirs == base { return .edit }
        return known.wasSaid ? .replaced : .beside
    }

    /// An element of a set, in or out; a set never conflicts, and what others have put in stays in.
    ///
    /// - Parameter isTheirs: whether others have put it in since, also where it was in before.
    static func element(base: Bool, theirs: Bool, mine: Bool, isTheirs: Bool) -> Outcome {
        if mine == base { return .untouched }
        if mine == theirs { return .same }
        return !mine && isTheirs ? .replaced : .edit
    }

    /// A record of the export whose row is not in the file any more, and which is to be deleted.
    ///
    /// - Parameters:
    ///   - isThere: whether the record still is.
    ///   - isEdited: whether others have edited it since.
    ///   - wasDeleted: whether somebody has deleted it since, and somebody brought it back.
    static func deletion(
        isThere: Bool, isEdited: Bool, isInConflict: Bool, wasDeleted: Bool, resolves: Bool
    ) -> Outcome {
        if !isThere { return .same }
        if isInConflict { return resolves ? .settle : .left }
        if !isEdited { return .edit }
        return wasDeleted ? .replaced : .beside
    }
}
