import TallyCore
import TallyStore
import TallyWire
import Testing

/// Which branch gives way.
struct ForkBranchTests {
    private static let small = ChangesetHash(of: [1])
    private static let large = ChangesetHash(of: [2])

    @Test("the hub's branch stands; without a hub the smaller hash; else nothing is decided")
    func rule() throws {
        let (small, large) =
            Self.small < Self.large ? (Self.small, Self.large) : (Self.large, Self.small)
        typealias Standing = ForkBranch.Standing
        let all: [Standing] = [.hub, .unknown, .noHub]
        for here in all {
            for there in all {
                for (own, other) in [(small, large), (large, small)] {
                    let side = ForkBranch.sideGivingWay(
                        here: ForkBranch(here, firstHash: own),
                        there: ForkBranch(there, firstHash: other))
                    let expected: ForkBranch.Side?
                    switch (here, there) {
                    case (.hub, .unknown), (.hub, .noHub): expected = .there
                    case (.unknown, .hub), (.noHub, .hub): expected = .here
                    case (.noHub, .noHub): expected = own == small ? .there : .here
                    default: expected = nil
                    }
                    #expect(side == expected, "\(here) \(there)")
                }
            }
        }
    }
}
