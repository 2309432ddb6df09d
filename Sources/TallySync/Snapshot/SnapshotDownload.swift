/// How far a snapshot has come, piece by piece: what to ask for next, and what to make of the answer. No I/O.
///
/// Each piece is a request of its own, so that one that breaks is asked for again and those before it are not. A hub that has
/// made another snapshot meanwhile is asked from the beginning, so many times.
struct SnapshotDownload {
    /// As long as a page of lines may be (DESIGN.md section 8).
    static let pieceBytes = 4 << 20
    private static let maximumBeginnings = 3

    private let pieceBytes: Int
    private(set) var offset = 0
    private var known: (total: Int, tag: String, isPacked: Bool)?
    private var beginnings = 1

    init(pieceBytes: Int = Self.pieceBytes) {
        precondition(pieceBytes > 0)
        self.pieceBytes = pieceBytes
    }

    var total: Int? { known?.total }
    /// What names the bytes of all parts.
    var tag: String? { known?.tag }
    var isDone: Bool { offset == known?.total }

    /// The headers of the next request.
    var headers: [HTTPHeader] {
        let range = HTTPHeader("Range", "bytes=\(offset)-\(offset + pieceBytes - 1)")
        guard let known else { return [range] }
        // What was begun goes on in the same form.
        return [
            range, HTTPHeader("If-Range", known.tag),
            HTTPHeader("Accept-Encoding", known.isPacked ? "zstd" : "identity"),
        ]
    }

    enum Step: Equatable {
        /// These go behind those that came before.
        case take([UInt8], isPacked: Bool)
        /// What came before is of another snapshot.
        case beginAnew
        case giveUp(String)
    }

    mutating func received(_ piece: SnapshotPiece) -> Step {
        guard piece.start == offset,
            piece.bytes.count == min(pieceBytes, piece.total - piece.start)
        else {
            return .giveUp("the hub sent another part of it than it was asked for")
        }
        if let known {
            guard known == (piece.total, piece.tag, piece.isPacked) else { return changed() }
        } else {
            known = (piece.total, piece.tag, piece.isPacked)
        }
        offset += piece.bytes.count
        return .take(piece.bytes, isPacked: piece.isPacked)
    }

    /// The hub did not answer with a part: what `If-Range` names is no more.
    mutating func changed() -> Step {
        guard known != nil else { return .giveUp("the hub does not send it in parts") }
        guard beginnings < Self.maximumBeginnings else {
            return .giveUp("the hub makes a new one again and again")
        }
        beginnings += 1
        (offset, known) = (0, nil)
        return .beginAnew
    }
}
