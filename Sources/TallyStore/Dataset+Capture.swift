import GRDB
import Synchronization
import TallyCore

extension Dataset {
    /// Takes the edits that other tools have made as a changeset of their own; nothing where there are none.
    ///
    /// Every other writing does the same before it begins.
    ///
    /// - Parameters:
    ///   - message: why; nil for one that says that it was another tool.
    ///   - isMine: whether the edits are this person's, whoever wrote the file last.
    /// - Throws: `StoreError`: `notPermitted` when the file is somebody else's.
    @discardableResult
    public func capture(
        at workplace: Workplace, message: String? = nil, isMine: Bool = false
    ) throws -> Captured {
        try capture(.capture(workplace), message: message, isMine: isMine)
    }

    /// What has been captured since this was asked last: for the user, who did not ask for it.
    public func takeCaptured() -> [Captured] {
        captures.withLock { captures in
            defer { captures = [] }
            return captures
        }
    }

    /// Runs `body` in a transaction that begins when no edit by another tool waits.
    ///
    /// What waits is committed before, in a transaction of its own: `body` may fail, and is never taken to have been seen by
    /// those edits.
    func transaction<Result>(
        durable: Bool = true, after outside: OutsideEdits, _ body: (DatasetAccess) throws -> Result
    ) throws -> Result {
        for _ in 0..<Self.maximumTries {
            if let result = try unlessEdited({
                try transaction(durable: durable, checksEdits: true, body)
            }) {
                return result
            }
            try capture(outside)
        }
        throw StoreError(
            .busy, "\(path) is being edited with another tool all the time",
            hint: "Try again when it has finished.")
    }

    /// Another tool may write between the capture and the transaction.
    private static let maximumTries = 10

    private func unlessEdited<Result>(_ body: () throws -> Result) throws -> Result? {
        do {
            return try body()
        } catch is EditedElsewhere {
            return nil
        }
    }

    @discardableResult
    private func capture(
        _ outside: OutsideEdits, message: String? = nil, isMine: Bool = false
    ) throws -> Captured {
        guard try !read({ $0.records.touched.isEmpty }) else { return Captured() }
        let workplace: Workplace?
        switch outside {
        case .capture(let own): workplace = own
        case .setBack: workplace = nil
        case .refuse:
            // Rows that were written and are as they were are nobody's edits.
            guard try read({ try $0.waitingEdits().isEmpty }) else {
                throw StoreError(othersEditsIn: path, of: try read { try $0.lastWriter() })
            }
            workplace = nil
        }
        var capture: Capture?
        defer { capture?.release() }
        let captured = try writing(durable: true) { db in
            var own = Capture(db, of: self, workplace: workplace, isMine: isMine)
            defer { capture = own }
            return try own.run(message: message)
        }
        if !captured.isEmpty { captures.withLock { $0.append(captured) } }
        return captured
    }
}

/// A transaction found edits by another tool, and has done nothing.
struct EditedElsewhere: Error {}
