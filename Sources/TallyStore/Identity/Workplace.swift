import TallyCore

/// Who writes, where, and with what clock and identities: all that a dataset file is handed from outside.
public struct Workplace: Sendable {
    public var author: String
    public var machine: String
    public var identities: any IdentityStore
    public var clock: @Sendable () -> Timestamp
    /// Gives that many random bytes, fit for keys.
    public var randomBytes: @Sendable (Int) -> [UInt8]
    /// Asked between the steps of long work; when it says yes, the work is rolled back.
    public var isInterrupted: @Sendable () -> Bool
    /// Whether a file may be read by several threads at once. Where not, as in a simulation, it is read in an order that is
    /// the same every time.
    public var readsConcurrently: Bool

    public init(
        author: String, machine: String, identities: any IdentityStore,
        clock: @escaping @Sendable () -> Timestamp,
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = Self.systemRandomBytes,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        readsConcurrently: Bool = true
    ) {
        self.author = author
        self.machine = machine
        self.identities = identities
        self.clock = clock
        self.randomBytes = randomBytes
        self.isInterrupted = isInterrupted
        self.readsConcurrently = readsConcurrently
    }

    @Sendable
    public static func systemRandomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }
}
