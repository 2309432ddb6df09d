import TallyCore
import TallySync
import TallyWire

/// The network between one command and the hub: loses, cuts, doubles and delays what the plan's rates say.
final class WorldNetwork: HTTPExchange {
    private let world: World
    private let isCalm: Bool
    private var random: SeededGenerator

    init(_ world: World, _ step: WorldStep) {
        self.world = world
        isCalm = step.isCalm
        random = SeededGenerator(seed: step.seed ^ 0x6e65_74)
    }

    func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        var request = WorldRequest(request)
        // A hub gives as many lines at a time as it likes.
        if let lines = world.plan.network.pageLines {
            request.target = request.target.replacing("limit=10000", with: "limit=\(lines)")
        }
        world.counts.count("requests")
        for late in world.takeLate() { _ = try? answer(late) }
        defer { world.remember(request) }
        guard !isCalm else { return try answer(request) }
        world.playMeanwhile(&random)
        guard let fault = pickFault() else { return try answer(request) }
        return try send(request, with: fault)
    }

    private func pickFault() -> NetworkFault? {
        for fault in NetworkFault.allCases {
            guard let percent = world.plan.network.percents[fault] else { continue }
            if random.chance(percent: percent) { return fault }
        }
        return nil
    }

    private func send(
        _ request: WorldRequest, with fault: NetworkFault
    ) throws(HTTPError) -> HTTPResponse {
        func count(mayFail: Bool = true) {
            world.counts.count(fault)
            world.trace("    network: \(fault.rawValue), \(request.method) \(request.target)")
            if mayFail { world.disturbances += 1 }
        }
        switch fault {
        case .requestLost:
            count()
            throw lost()
        case .answerLost:
            count()
            _ = try answer(request)
            throw lost()
        case .requestCut:
            guard !request.body.isEmpty else { return try answer(request) }
            count()
            var request = request
            request.body = Array(request.body.prefix(random.below(request.body.count)))
            return try answer(request)
        case .answerCut:
            var answer = try answer(request)
            let rest = answer.body.dropFirst(random.below(answer.body.count + 1))
            let isNoticed = random.chance(percent: 50)
            guard isNoticed || !rest.isEmpty else { return answer }
            count()
            answer.body.removeLast(rest.count)
            if isNoticed { throw lost() }
            // Between two lines: behind a line end, or before it.
            let isUnnoticed = [answer.body.last, rest.first].contains { $0 ?? 0x0a == 0x0a }
            if request.isAboutChangesets, isUnnoticed { world.misleadings += 1 }
            return answer
        case .damaged:
            var request = request
            guard request.isAboutChangesets || request.isAboutSnapshot else {
                return try answer(request)
            }
            if request.method == "POST" {
                count()
                damage(&request.body)
                return try answer(request)
            }
            var answer = try answer(request)
            if !answer.body.isEmpty { count() }
            damage(&answer.body)
            return answer
        case .delayed:
            let delayMs = random.pick([1, 1000, 400_000])
            world.time.advance(byMs: delayMs)
            // Nobody waits for minutes; the hub gets it all the same.
            let isLate = delayMs > 100_000
            count(mayFail: isLate)
            guard isLate else { return try answer(request) }
            world.late.append(request)
            throw HTTPError(.timedOut, host: "hub.example", message: "It took too long.")
        case .duplicated:
            count(mayFail: false)
            let first = try answer(request)
            let second = try answer(request)
            return random.chance(percent: 50) ? first : second
        case .reordered:
            count(mayFail: false)
            if !world.oldRequests.isEmpty { _ = try? answer(random.pick(world.oldRequests)) }
            return try answer(request)
        case .refused:
            let answer = refusal()
            count()
            world.counts.count("refused:\(answer.status)")
            return answer
        case .garbage:
            count()
            return garbage()
        case .hubKilled:
            // It has been given another fault.
            guard !world.hub.disk.isArmed else { return try answer(request) }
            let kinds: [SimulatedDisk.Fault] = [.killBefore, .killTorn, .killAfter, .power]
            world.hub.disk.arm(random.pick(kinds), after: random.below(20), seed: random.next())
            defer {
                if world.hub.disk.hasStruck { count() }
                world.hub.disk.disarm()
            }
            return try answer(request)
        }
    }

    /// - Throws: where the hub's process ends before it has answered; it starts again at once.
    private func answer(_ request: WorldRequest) throws(HTTPError) -> HTTPResponse {
        defer { world.restartHubIfStopped() }
        let before = world.hubsLog()
        guard let answer = world.hub.answer(request) else { throw lost() }
        world.traffic.note(request, answer)
        world.note(answer, to: request)
        if let before { world.judge(answer, to: request, before) }
        return answer
    }

    private func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
    }

    private func lost() -> HTTPError {
        let codes: [HTTPError.Code] = [.connectionLost, .timedOut, .connectionRefused]
        return HTTPError(random.pick(codes), host: "hub.example", message: "The network failed.")
    }

    /// What a proxy, or a hub in another state, may say.
    private func refusal() -> HTTPResponse {
        let words: [ProblemWord] = [
            .gap, .fork, .unseen, .invalid, .tooLarge, .unauthenticated, .forbidden,
            .unknownDataset, .badRequest, .exists, .cursorGone, .busy, .fault,
        ]
        if random.chance(percent: 30) {
            let again = random.pick([nil, "1", "120", "soon"])
            return HTTPResponse(
                status: random.pick([404, 429, 500, 502, 503, 504]),
                headers: again.map { [HTTPHeader("Retry-After", $0)] } ?? [])
        }
        let problem = Problem(random.pick(words), "said by nobody")
        return HTTPResponse(
            status: problem.word.status,
            headers: [HTTPHeader("Content-Type", "application/problem+json")],
            body: problem.json.bytes)
    }

    private func garbage() -> HTTPResponse {
        let bodies = [
            "", "<html>", "{}", "null", #"{"dataset":1}"#, "\u{0}", #"{"accepted":"all"}"#, "{\n",
        ]
        var headers: [HTTPHeader] = []
        if random.chance(percent: 50) {
            headers = [
                HTTPHeader("Tally-Cursor", random.pick(["", "x", "1:2"])),
                HTTPHeader("Tally-Epoch", "e"),
                HTTPHeader("Tally-More", random.pick(["true", "false", "maybe"])),
            ]
        }
        return HTTPResponse(status: 200, headers: headers, body: Array(random.pick(bodies).utf8))
    }
}

extension World {
    /// The requests that have come by now, and for whose answers nobody waits.
    func takeLate() -> [WorldRequest] {
        defer { late = [] }
        return late
    }

    func remember(_ request: WorldRequest) {
        oldRequests.append(request)
        if oldRequests.count > 20 { oldRequests.removeFirst() }
    }

    /// A push that was answered is on the hub's disk for good.
    func note(_ answer: HTTPResponse, to request: WorldRequest) {
        guard request.method == "POST", answer.status == 200 else { return }
        for line in request.body.split(separator: 0x0a) {
            if let line = try? ChangesetLine(Array(line)) { hub.kept.insert(line.hash) }
        }
    }

    func restartHubIfStopped() {
        guard hub.restartIfStopped() else { return }
        do {
            let held = Set(try hub.lines().map(\.hash))
            let lost = hub.kept.subtracting(held)
            if !lost.isEmpty {
                fail("kept", "the hub has lost \(lost.count) changesets that it acknowledged")
            }
        } catch {
            failToRead(error)
        }
    }

    /// As often as the plan says, somebody else does something between two requests of a command; or somebody at the same
    /// file does.
    func playMeanwhile(_ random: inout SeededGenerator) {
        guard random.chance(percent: plan.network.meanwhilePercent), depth <= 1, !files.isEmpty
        else { return }
        interludes += 1
        // What has been written so far, was written there.
        for index in working { look(index) }
        let acts: [WorldStep.Act] = [.edit, .edit, .delete, .resolve, .sync, .syncFile, .otherTool]
        play(
            WorldStep(
                random.pick(acts), copy: random.below(files.count), seed: random.next() >> 16,
                isCalm: true))
    }
}

/// What has passed between copies and the hub.
struct Traffic: Equatable {
    var requests = 0
    var pushes = 0
    /// Of changesets that were fetched.
    var bytes = 0

    mutating func note(_ request: WorldRequest, _ answer: HTTPResponse) {
        requests += 1
        guard request.isAboutChangesets else { return }
        if request.method == "POST" { pushes += 1 } else { bytes += answer.body.count }
    }
}
