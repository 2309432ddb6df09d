import Synchronization

/// Suspends those who wait for news of a dataset; drives a `WaitTable`.
public final class WaitRegistry: Sendable {
    private struct State {
        var table = WaitTable()
        var continuations: [WaitTable.Ticket: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.table.count } }

    func generation(of dataset: String) -> Int {
        state.withLock { $0.table.generation(of: dataset) }
    }

    /// Waits for a commit, the end of `sleep`, or the end of the hub, whichever comes first.
    ///
    /// - Parameter sleep: sleeps until the deadline.
    /// - Returns: false when too many wait already.
    public func wait(_ wait: HubWait, sleep: @escaping @Sendable () async throws -> Void) async
        -> Bool
    {
        switch state.withLock({ $0.table.begin(wait) }) {
        case .goOn: return true
        case .tooMany: return false
        case .wait(let ticket):
            let timer = Task {
                try? await sleep()
                end(ticket)
            }
            await withTaskCancellationHandler {
                await suspend(ticket)
            } onCancel: {
                end(ticket)
            }
            timer.cancel()
            return true
        }
    }

    private func suspend(_ ticket: WaitTable.Ticket) async {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                guard state.table.isWaiting(ticket) else { return false }
                state.continuations[ticket] = continuation
                return true
            }
            // It ended before it began to wait.
            if !isWaiting { continuation.resume() }
        }
    }

    private func end(_ ticket: WaitTable.Ticket) {
        let continuation = state.withLock { state in
            state.table.end(ticket)
            return state.continuations.removeValue(forKey: ticket)
        }
        continuation?.resume()
    }

    func wake(_ dataset: String) { resume { $0.wake(dataset) } }

    /// Lets everybody go: the hub stops.
    public func close() { resume { $0.close() } }

    private func resume(_ end: (inout WaitTable) -> [WaitTable.Ticket]) {
        let continuations = state.withLock { state in
            end(&state.table).compactMap { state.continuations.removeValue(forKey: $0) }
        }
        for continuation in continuations { continuation.resume() }
    }
}
