import Dispatch
import Synchronization

/// The result of work on another thread.
final class Background<Result: Sendable>: Sendable {
    private let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
    private let work = DispatchGroup()

    init(on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Result) {
        work.enter()
        queue.async { [self] in
            let result = Swift.Result(catching: body)
            outcome.withLock { $0 = result }
            work.leave()
        }
    }

    /// Waits for the end of the work.
    ///
    /// - Throws: what the work throws.
    func result() throws -> Result {
        work.wait()
        guard let outcome = outcome.withLock({ $0 }) else {
            preconditionFailure("work that has ended has come to something")
        }
        return try outcome.get()
    }
}
