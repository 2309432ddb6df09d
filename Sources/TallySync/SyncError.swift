import TallyCore
import TallyWire

/// Why a sync stopped: what failed, with which value, and what to do.
public struct SyncError: Error, Equatable, Sendable {
    public let code: Code
    public let message: String
    public let hint: String?

    public enum Code: String, Sendable {
        /// No answer, or not in time.
        case unavailable
        /// Something answered that is no hub.
        case notAHub = "not-a-hub"
        case notPermitted = "not-permitted"
        /// The remote holds another dataset under the name, or none.
        case wrongDataset = "wrong-dataset"
        case unknownDataset = "unknown-dataset"
        case newerFormat = "newer-format"
        /// The remote refused what was sent, or sent what cannot be taken.
        case refused
        /// A bundle that was cut off or damaged on its way, or something else in its place.
        case damaged
        /// A bundle goes on from what is not here.
        case missing
        case interrupted
    }

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension SyncError {
    init(unsettled fork: Fork, with remote: String) {
        self.init(
            .refused,
            "\(remote) and this file hold different changesets of replica \(fork.replica.short) from "
                + "\(fork.point + 1) on, and only the hub can tell which stand",
            hint:
                "Nothing was lost. Sync one of the two with the hub first, then with each other; where there is no "
                + "hub any more, publish one of them anew.")
    }

    init(givingWay fork: Fork, at remote: String) {
        self.init(
            .refused,
            "\(remote) and this file hold different changesets of replica \(fork.replica.short) from "
                + "\(fork.point + 1) on, and those of \(remote) give way",
            hint: "Nothing was lost. They are written anew by a sync both ways: leave out --pull.")
    }

    /// A bundle cannot be written anew: its maker has to meet this branch.
    init(carriedBranchOf fork: Fork, at path: String) {
        self.init(
            .refused,
            "\(path) and this file hold different changesets of replica \(fork.replica.short) from "
                + "\(fork.point + 1) on, and those of the bundle give way",
            hint:
                "Nothing was lost. Give whoever made it a bundle from here (tally bundle create FILE); when it is taken there, "
                + "theirs are written anew, and a new bundle from there can be taken here.")
    }

    /// What a problem that the session cannot mend means for the user.
    public init(_ problem: Problem, at remote: String) {
        let detail = problem.detail
        switch problem.word {
        case .unauthenticated:
            self.init(
                .notPermitted, "\(remote) does not know this token: \(detail)",
                hint: "Ask for a token and give it with: tally login \(remote)")
        case .forbidden:
            self.init(
                .notPermitted, "\(remote) does not allow this: \(detail)",
                hint: "Ask an admin of the hub for the role.")
        case .unknownDataset:
            self.init(
                .unknownDataset, "\(remote) has no such dataset: \(detail)",
                hint: "Check the name, or put it there with: tally publish \(remote)")
        case .exists:
            self.init(
                .wrongDataset, "\(remote) holds another dataset under that name: \(detail)",
                hint: "Publish under another name.")
        case .busy:
            self.init(.unavailable, "\(remote) is busy: \(detail)", hint: "Try again.")
        case .fault:
            self.init(.unavailable, "\(remote) failed: \(detail)", hint: "Try again later.")
        default:
            let line = problem.line.map { " (line \($0) of the request)" } ?? ""
            self.init(
                .refused, "\(remote) refused it (\(problem.word.rawValue))\(line): \(detail)",
                hint: "Nothing was lost here. Run tally sync again; if it stays, tally verify.")
        }
    }
}
