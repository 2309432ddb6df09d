import Dispatch
import Synchronization

/// What a producer gives, made on a thread of its own some way ahead of whoever takes it.
///
/// Holds at most 4,096 items.
final class ReadAhead<Item>: @unchecked Sendable {
    /// Handed from one thread to the other, never used by both.
    private struct Batch: @unchecked Sendable {
        /// The first one last.
        var items: [Item] = []
        var failure: (any Error)?
        var isLast = false
    }

    private static var batchCount: Int { 1024 }

    private let batches = Mutex<[Batch]>([])
    private let isStopped = Mutex(false)
    // From zero: one that is let go below the value that it began with ends the program.
    private let free = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)
    private let producer = DispatchGroup()
    private var current: [Item] = []
    private var isAtEnd = false
    private var failure: (any Error)?

    /// - Parameter produce: gives the next item; nil at the end. It is called on the other thread alone, until that ends or
    ///   ``stop()`` has returned.
    init(_ produce: @escaping () throws -> Item?) {
        nonisolated(unsafe) let produce = produce
        for _ in 0..<4 { free.signal() }
        producer.enter()
        DispatchQueue(label: "tally.reading").async { [self] in
            defer { producer.leave() }
            var isLast = false
            while !isLast {
                free.wait()
                if isStopped.withLock({ $0 }) { return }
                var batch = Batch()
                do {
                    while batch.items.count < Self.batchCount, !batch.isLast {
                        if let item = try produce() {
                            batch.items.append(item)
                        } else {
                            batch.isLast = true
                        }
                    }
                } catch {
                    (batch.failure, batch.isLast) = (error, true)
                }
                isLast = batch.isLast
                batch.items.reverse()
                batches.withLock { $0.append(batch) }
                filled.signal()
            }
        }
    }

    /// - Returns: nil at the end.
    /// - Throws: what the producer throws, behind the items that came before.
    func next() throws -> Item? {
        while true {
            if let item = current.popLast() { return item }
            if let failure { throw failure }
            if isAtEnd { return nil }
            filled.wait()
            let batch = batches.withLock { $0.removeFirst() }
            free.signal()
            (current, failure, isAtEnd) = (batch.items, batch.failure, batch.isLast)
        }
    }

    /// Ends the other thread, and waits for that.
    func stop() {
        isStopped.withLock { $0 = true }
        free.signal()
        producer.wait()
    }
}
