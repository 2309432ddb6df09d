/// Gives the next bytes of a file; none at its end.
public typealias ByteSource = () throws -> [UInt8]

/// A source of which the first bytes can be looked at before they are read.
///
/// - Complexity: O(1) per piece beyond the bytes looked at.
final class PeekedSource {
    private let source: ByteSource
    private var head: [UInt8] = []
    private var isAtEnd = false
    /// What went wrong while more was looked at: it is thrown when that is read.
    private var failure: (any Error)?

    init(_ source: @escaping ByteSource) {
        self.source = source
    }

    /// The first bytes that have not been read yet, `count` of them unless the file ends before.
    func peek(_ count: Int) -> ArraySlice<UInt8> {
        while head.count < count, !isAtEnd, failure == nil {
            do {
                let piece = try source()
                if piece.isEmpty { isAtEnd = true }
                head += piece
            } catch { failure = error }
        }
        return head.prefix(count)
    }

    func next() throws -> [UInt8] {
        if !head.isEmpty {
            defer { head = [] }
            return head
        }
        if let failure { throw failure }
        return isAtEnd ? [] : try source()
    }
}
