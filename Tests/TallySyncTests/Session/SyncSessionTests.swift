import TallyCore
import TallySync
import TallyWire
import Testing

/// One sync as a value: what happened goes in, what to do next comes out.
struct SyncSessionTests {
    typealias Step = SyncSession.Step
    typealias Event = SyncSession.Event

    static let dataset = DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    static let other = DatasetID("00000000-8b86-4d01-b42d-00cf4fc964ff")

    static func head(_ seq: Int) -> Head { Head(seq: seq, hash: ChangesetHash(of: [UInt8(seq)])) }

    static let mina = ReplicaID("aaaaaaaaaaaaaaaa")
    static let jun = ReplicaID("bbbbbbbbbbbbbbbb")

    private func session(
        _ direction: SyncSession.Direction = .both, cursor: String? = "c0"
    ) throws -> SyncSession {
        SyncSession(
            direction, dataset: try #require(Self.dataset), remote: "https://hub/korea",
            cursor: cursor)
    }

    private func answer(_ heads: [ReplicaID: Head]) throws -> DatasetHeads {
        DatasetHeads(
            dataset: try #require(Self.dataset), name: "korea", epoch: "e", cursor: "c9",
            heads: heads)
    }

    private func heads(_ heads: [ReplicaID: Head] = [:]) throws -> Event {
        .heads(try answer(heads))
    }

    private func pushed(_ accepted: Int, _ heads: [ReplicaID: Head], upTo position: Int) -> Event {
        .pushed(
            PushAnswer(accepted: accepted, duplicates: 0, cursor: "c9", heads: heads),
            upTo: position)
    }

    private func pulled(
        _ taken: Int = 1, _ cursor: String, more: Bool = false, isEmpty: Bool = false,
        duplicates: Int = 0
    ) -> Event {
        .pulled(
            SyncSession.Pulled(
                taken: taken, duplicates: duplicates, held: 5, isEmpty: isEmpty, cursor: cursor,
                isMore: more))
    }

    /// Tells the session one thing after another.
    ///
    /// - Returns: what it says to do at first and after each.
    private func steps(_ session: inout SyncSession, _ events: [Event]) -> [Step] {
        var steps = [session.next]
        for event in events {
            session.received(event)
            steps.append(session.next)
        }
        return steps
    }

    @Test("heads, what they lack, what is new, then a look whether all is here")
    func wholeSync() throws {
        var session = try session()
        let (mina, jun) = (try #require(Self.mina), try #require(Self.jun))
        let steps = steps(
            &session,
            [
                try heads([mina: Self.head(1)]), pushed(2, [jun: Self.head(4)], upTo: 7),
                .nothingToPush, pulled(3, "c1", more: true), pulled(1, "c2"),
                .compared(isComplete: true),
            ])
        let merged = [mina: Self.head(1), jun: Self.head(4)]
        #expect(
            steps == [
                .readHeads, .push(lackedBy: [mina: Self.head(1)], after: 0),
                .push(lackedBy: merged, after: 7), .pull(cursor: "c0"), .pull(cursor: "c1"),
                .compare(merged), .done,
            ])
        #expect(session.pushed == 2 && session.pulled == 4 && session.halt == nil)
    }

    @Test("where all that the heads name is here, nothing is pulled")
    func nothingToPull() throws {
        let answer = try answer([try #require(Self.mina): Self.head(1)])
        let here = Event.headsHere(answer)
        var both = try session()
        #expect(
            steps(&both, [here, .nothingToPush])
                == [.readHeads, .push(lackedBy: answer.heads, after: 0), .done])
        var pull = try session(.pull)
        #expect(steps(&pull, [here]) == [.readHeads, .done])
        // After a refused push it pulls all the same, from where the heads were.
        var refused = try session()
        #expect(
            steps(&refused, [here, .refused(Problem(.unseen, "")), pulled(0, "c9", isEmpty: true)])
                .suffix(2) == [.pull(cursor: "c9"), .compare(answer.heads)])
    }

    @Test("pushing only does not pull, pulling only does not push")
    func oneDirection() throws {
        var push = try session(.push)
        #expect(
            steps(&push, [try heads(), .nothingToPush])
                == [.readHeads, .push(lackedBy: [:], after: 0), .done])
        var pull = try session(.pull, cursor: nil)
        #expect(
            steps(&pull, [try heads(), pulled(0, "c1"), .compared(isComplete: true)])
                == [.readHeads, .pull(cursor: nil), .compare([:]), .done])
    }

    @Test(
        "pushing only pulls all the same where a head is of another branch: else nobody would tell")
    func branchesApart() throws {
        let answer = try answer([try #require(Self.mina): Self.head(1)])
        var push = try session(.push, cursor: nil)
        #expect(
            steps(&push, [.headsApart(answer), .nothingToPush])
                == [
                    .readHeads, .push(lackedBy: answer.heads, after: 0), .pull(cursor: nil),
                ])
    }

    @Test("where all that the heads name is here, nothing is pulled")
    func allHere() throws {
        let answer = DatasetHeads(
            dataset: try #require(Self.dataset), name: "korea", epoch: "e", cursor: "c9",
            heads: [:])
        var both = try session()
        #expect(
            steps(&both, [.headsHere(answer), pushed(1, [:], upTo: 4), .nothingToPush])
                == [
                    .readHeads, .push(lackedBy: [:], after: 0), .push(lackedBy: [:], after: 4),
                    .done,
                ])
        var pull = try session(.pull)
        #expect(steps(&pull, [.headsHere(answer)]) == [.readHeads, .done])
        // A push that is refused all the same is followed by a pull behind those heads.
        var refused = try session()
        #expect(
            steps(&refused, [.headsHere(answer), .refused(Problem(.unseen, "why"))]).last
                == .pull(cursor: "c9"))
    }

    @Test("another dataset under the name is refused before anything is pushed")
    func otherDataset() throws {
        for direction in [SyncSession.Direction.both, .pull, .push] {
            var session = try session(direction)
            let answer = DatasetHeads(
                dataset: try #require(Self.other), name: "korea", epoch: "e", cursor: "c",
                heads: [:])
            session.received(.heads(answer))
            let error = SyncError(
                .wrongDataset,
                "https://hub/korea holds another dataset (00000000-8b86-4d01-b42d-00cf4fc964ff, not "
                    + "6f9619ff-8b86-4d01-b42d-00cf4fc964ff); nothing was sent",
                hint: "Check the address or the file, or publish this one under another name.")
            #expect(session.next == .fail(error))
        }
    }

    @Test(
        "gap, unseen and fork are followed by a pull and one more push, not two",
        arguments: [
            ProblemWord.gap, .unseen, .fork,
        ])
    func pushAgain(_ word: ProblemWord) throws {
        var session = try session()
        let problem = Problem(word, "why", line: 2)
        let steps = steps(
            &session,
            [
                try heads(), .refused(problem), pulled(1, "c1"), .compared(isComplete: true),
                try heads(), .refused(problem),
            ])
        #expect(
            Array(steps.dropFirst(2).dropLast()) == [
                .pull(cursor: "c0"), .compare([:]), .readHeads, .push(lackedBy: [:], after: 0),
            ])
        #expect(
            steps.last
                == .fail(
                    SyncError(
                        .refused,
                        "https://hub/korea refused it (\(word.rawValue)) (line 2 of the request): why",
                        hint:
                            "Nothing was lost here. Run tally sync again; if it stays, tally verify."
                    )))
    }

    @Test("a second push that is taken pulls once more and is done")
    func pushAgainTaken() throws {
        var session = try session()
        let steps = steps(
            &session,
            [
                try heads(), .refused(Problem(.gap, "why")), pulled(1, "c1"),
                .compared(isComplete: true), try heads(), pushed(3, [:], upTo: 3), .nothingToPush,
                pulled(0, "c1"), .compared(isComplete: true),
            ])
        #expect(steps.last == .done)
        #expect(session.pushed == 3 && session.pulled == 1)
    }

    @Test("a reader pulls, and is told at the end that its edits stay here")
    func reader() throws {
        var session = try session()
        let problem = Problem(.forbidden, "mina is a reader")
        let steps = steps(
            &session,
            [try heads(), .refused(problem), pulled(2, "c1"), .compared(isComplete: true)])
        #expect(steps.last == .fail(SyncError(problem, at: "https://hub/korea")))
        #expect(session.pulled == 2)
        var push = try self.session(.push)
        push.received(try heads())
        push.received(.refused(problem))
        #expect(push.next == .fail(SyncError(problem, at: "https://hub/korea")))
    }

    @Test(
        "a cursor that is gone, or none, begins anew, once",
        arguments: [ProblemWord.cursorGone, .badRequest])
    func cursorGone(_ word: ProblemWord) throws {
        var session = try session(.pull)
        let gone = Problem(word, "another epoch")
        let steps = steps(
            &session, [try heads(), .refused(gone), pulled(0, "d1", more: true), .refused(gone)])
        #expect(
            Array(steps.prefix(4)) == [
                .readHeads, .pull(cursor: "c0"), .pull(cursor: nil), .pull(cursor: "d1"),
            ])
        #expect(steps.last == .fail(SyncError(gone, at: "https://hub/korea")))
        var first = try self.session(.pull, cursor: nil)
        first.received(try heads())
        first.received(.refused(gone))
        #expect(first.next == .fail(SyncError(gone, at: "https://hub/korea")))
    }

    @Test("something missing at the end begins anew, once")
    func incomplete() throws {
        var session = try session(.pull)
        let steps = steps(
            &session,
            [
                try heads(), pulled(0, "c1"), .compared(isComplete: false), pulled(0, "c1"),
                .compared(isComplete: false),
            ])
        #expect(Array(steps.dropFirst(3).prefix(1)) == [.pull(cursor: nil)])
        guard case .fail(let error) = steps.last else {
            Issue.record("it did not fail")
            return
        }
        #expect(error.message == "https://hub/korea names changesets that it does not send")
    }

    @Test("a line that is not taken stops the pull, not the sync")
    func halted() throws {
        let fault = LineFault(.invalid, "bad signature", line: 3)
        var session = try session()
        #expect(
            steps(&session, [try heads(), .nothingToPush, .halted(fault, taken: 2)]).last == .done)
        #expect(session.halt == fault && session.pulled == 2)
        // After a refused push the push is still tried once more.
        var refused = try self.session()
        let events = [try heads(), .refused(Problem(.gap, "why")), .halted(fault, taken: 0)]
        #expect(steps(&refused, events).last == .readHeads)
    }

    @Test("a fork is settled, then the sync starts from the heads, once for a replica")
    func forked() throws {
        let fork = Fork(try #require(Self.mina), after: 4)
        let fault = LineFault(.fork, "another hash", line: 3)
        var session = try session()
        let events: [Event] = [
            try heads(), .nothingToPush, .forked(fork, fault, taken: 2), .settled,
        ]
        #expect(steps(&session, events).suffix(2) == [.settle(fork), .readHeads])
        #expect(session.halt == nil && session.pulled == 2)
        // The same replica again: from the beginning, in case the cursor has passed the place; then it is left.
        let again: [Event] = [
            try heads(), .nothingToPush, .forked(fork, fault, taken: 0),
            .forked(fork, fault, taken: 0),
        ]
        #expect(steps(&session, again).suffix(2) == [.pull(cursor: nil), .done])
        #expect(session.halt == fault)
    }

    @Test("a fork that this sync cannot settle ends it")
    func unsettled() throws {
        let fork = Fork(try #require(Self.mina), after: 4)
        var session = try session()
        let fault = LineFault(.fork, "another hash", line: 1)
        let error = SyncError(.refused, "only the hub can tell")
        let last = steps(
            &session,
            [try heads(), .nothingToPush, .forked(fork, fault, taken: 0), .unsettled(error)]
        ).last
        #expect(last == .fail(error))
    }

    @Test("a line that rests on what is not here is looked for from the beginning, once")
    func restsOnMissing() throws {
        for word in [ProblemWord.gap, .unseen, .fork] {
            var session = try session()
            let halted = Event.halted(LineFault(word, "why"), taken: 0)
            let steps = steps(&session, [try heads(), .nothingToPush, halted, halted])
            #expect(steps.suffix(2) == [.pull(cursor: nil), .done])
            var fresh = try self.session(cursor: nil)
            #expect(self.steps(&fresh, [try heads(), .nothingToPush, halted]).last == .done)
        }
    }

    @Test("a remote that goes in a circle, or has more and sends nothing, is left")
    func stuck() throws {
        for events in [
            [pulled(1, "c1", more: true), pulled(1, "c0", more: true)],
            [pulled(1, "c0", more: true)],
            [pulled(0, "c1", more: true, isEmpty: true)],
            [
                pulled(0, "c1", more: true, duplicates: 3),
                pulled(0, "c2", more: true, duplicates: 3),
            ],
        ] {
            var session = try session(.pull)
            session.received(try heads())
            for event in events { session.received(event) }
            let error = SyncError(
                .notAHub, "https://hub/korea says that there is more, and sends nothing new",
                hint: "Run tally sync again; if it stays, ask who keeps the hub.")
            #expect(session.next == .fail(error))
        }
    }

    @Test("every line that is here may come once more, and once again from the beginning")
    func allOfItAgain() throws {
        var session = try session(.pull)
        let steps = steps(
            &session,
            [
                try heads(), pulled(0, "c1", more: true, duplicates: 2),
                pulled(0, "c2", more: true, duplicates: 3), .refused(Problem(.cursorGone, "why")),
                pulled(0, "c1", more: true, duplicates: 5), pulled(0, "c2"),
                .compared(isComplete: true),
            ])
        #expect(steps.last == .done)
    }

    @Test("what cannot be mended ends the sync with what to do", arguments: ProblemWord.allCases)
    func otherRefusals(_ word: ProblemWord) throws {
        let problem = Problem(word, "why")
        let failure = Step.fail(SyncError(problem, at: "https://hub/korea"))
        var reading = try session()
        reading.received(.refused(problem))
        #expect(reading.next == failure)
        if ![.gap, .unseen, .fork, .forbidden].contains(word) {
            var pushing = try session()
            #expect(steps(&pushing, [try heads(), .refused(problem)]).last == failure)
        }
        if ![.cursorGone, .badRequest].contains(word) {
            var pulling = try session(.pull)
            #expect(steps(&pulling, [try heads(), .refused(problem)]).last == failure)
        }
    }
}
