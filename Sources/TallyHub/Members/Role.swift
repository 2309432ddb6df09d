/// What a member may do with a dataset: a reader pulls, a writer pushes too, an admin also creates it.
public enum Role: String, Sendable, CaseIterable, Comparable {
    case reader
    case writer
    case admin

    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .reader: return 0
        case .writer: return 1
        case .admin: return 2
        }
    }
}
