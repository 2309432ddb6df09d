/// Who waits for news of which dataset: the state of `wait=SECONDS`, as a value.
///
/// A dataset's generation moves on with each commit. A wait names the generation before which its question was
/// answered "nothing", so that a commit between the answer and the wait is not slept through.
struct WaitTable {
    /// The most that wait at once, and of one member.
    static let maximumWaits = 1024
    static let maximumWaitsOfMember = 64

    typealias Ticket = Int

    private var generations: [String: Int] = [:]
    private var waits: [Ticket: HubWait] = [:]
    private var countByMember: [String: Int] = [:]
    private var lastTicket = 0
    private(set) var isClosed = false

    enum Outcome: Equatable {
        case wait(Ticket)
        /// There is news already, or the hub stops.
        case goOn
        case tooMany
    }

    var count: Int { waits.count }

    func generation(of dataset: String) -> Int { generations[dataset] ?? 0 }

    mutating func begin(_ wait: HubWait) -> Outcome {
        if isClosed || generation(of: wait.dataset) != wait.generation { return .goOn }
        guard waits.count < Self.maximumWaits,
            countByMember[wait.member, default: 0] < Self.maximumWaitsOfMember
        else { return .tooMany }
        lastTicket += 1
        waits[lastTicket] = wait
        countByMember[wait.member, default: 0] += 1
        return .wait(lastTicket)
    }

    func isWaiting(_ ticket: Ticket) -> Bool { waits[ticket] != nil }

    /// - Returns: whether it was still waiting.
    @discardableResult
    mutating func end(_ ticket: Ticket) -> Bool {
        guard let wait = waits.removeValue(forKey: ticket) else { return false }
        countByMember[wait.member, default: 1] -= 1
        if countByMember[wait.member] == 0 { countByMember[wait.member] = nil }
        return true
    }

    /// Something was committed.
    ///
    /// - Returns: the waits that end with it.
    mutating func wake(_ dataset: String) -> [Ticket] {
        generations[dataset, default: 0] += 1
        return end(where: { $0.dataset == dataset })
    }

    /// The hub stops: nobody waits any more.
    mutating func close() -> [Ticket] {
        isClosed = true
        return end(where: { _ in true })
    }

    private mutating func end(where isMeant: (HubWait) -> Bool) -> [Ticket] {
        let tickets = waits.filter { isMeant($0.value) }.keys.sorted()
        for ticket in tickets { end(ticket) }
        return tickets
    }
}

/// What a request waits for.
public struct HubWait: Sendable, Equatable {
    let dataset: String
    let member: String
    let generation: Int
    /// How long, at most.
    public let seconds: Int
}
