import Synchronization
import TallyCore
import TallyStore
import TallyWire
import TallyZstd

/// The hub: takes requests and gives answers, both as values; knows nothing of sockets.
///
/// It works on a folder: the datasets in `DIR/NAME.tally`, the members in `DIR/hub.sqlite`. Its calls block while they
/// read and write; any number of threads may call at once.
public final class HubService: Sendable {
    public let members: MemberStore
    public let waits = WaitRegistry()
    let folder: DatasetFolder
    let metrics = HubMetrics()
    private let shelves = Mutex<[String: SnapshotShelf]>([:])

    private let snapshotFreshBytes: Int

    /// - Parameters:
    ///   - folder: made where there is none.
    ///   - snapshotFreshBytes: how many bytes of lines may have come since a snapshot was made before it is made anew; it may be
    ///     more where the log is long.
    ///   - randomBytes: gives that many random bytes, of which the epochs of new datasets are made.
    /// - Throws: `StoreError`.
    public init(
        folder: String, snapshotFreshBytes: Int? = nil,
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = Workplace.systemRandomBytes
    ) throws {
        self.snapshotFreshBytes = snapshotFreshBytes ?? HubSnapshot.freshBytes
        try FileBytes.makeFolder(folder)
        SnapshotShelf.removeLeft(in: folder)
        self.folder = DatasetFolder(path: folder, randomBytes: randomBytes)
        members = try MemberStore(path: folder + "/hub.sqlite")
    }

    /// Closes every file, so that each is one whole file at rest. Nobody may be in a call any more, or will be told to
    /// come again.
    public func close() {
        waits.close()
        folder.close()
        members.close()
    }

    /// An answer, or what to wait for before asking again with `answer`.
    public enum Reply: Sendable {
        case answer(HubAnswer)
        case wait(HubWait)
    }

    /// Answers now, or says what the request waits for.
    public func reply(to request: HubRequest) -> Reply { reply(to: request, mayWait: true) }

    /// Answers now, whatever the request says of waiting.
    public func answer(_ request: HubRequest) -> HubAnswer {
        switch reply(to: request, mayWait: false) {
        case .answer(let answer): return answer
        case .wait: preconditionFailure("a request that may not wait is answered")
        }
    }

    /// The answer to one who wanted to wait when too many do.
    public func refuseWait(_ request: HubRequest) -> HubAnswer {
        let problem = Problem(.busy, "too many requests wait for news: come again without wait")
        return finish(HubAnswer(problem), for: request, route: HubRoute(path: request.path))
    }

    /// Whether the request's token is one of this hub: otherwise nobody needs to keep its body.
    public func knowsToken(of request: HubRequest) -> Bool {
        request.token.flatMap { try? members.member(token: $0) } != nil
    }

    private func reply(to request: HubRequest, mayWait: Bool) -> Reply {
        guard let route = HubRoute(path: request.path) else {
            return .answer(finish(.notFound(request.path), for: request, route: nil))
        }
        guard route.methods.contains(request.method) else {
            let answer = HubAnswer.wrongMethod(request.method, allowed: route.methods)
            return .answer(finish(answer, for: request, route: route))
        }
        var call = HubCall(request: request, mayWait: mayWait)
        var answer: HubAnswer
        do {
            switch try self.answer(&call, route) {
            case .answer(let done): answer = done
            case .wait(let wait): return .wait(wait)
            }
        } catch let problem as Problem {
            answer = HubAnswer(problem)
        } catch let error as StoreError {
            answer = Self.answer(to: error)
        } catch {
            answer = HubAnswer(Problem(.fault, "The hub failed; its log says why"))
            answer.note = String(describing: error)
        }
        answer.member = call.member?.name
        return .answer(finish(answer, for: request, route: route))
    }

    /// The checks that every call shares, in the order of DESIGN.md section 8: size, token, name, role.
    private func answer(_ call: inout HubCall, _ route: HubRoute) throws -> Reply {
        switch route {
        case .health:
            return .answer(.plain("ok\n"))
        case .metrics:
            let text = metrics.text(openDatasets: folder.openCount, waits: waits.count)
            return .answer(.plain(text, type: "text/plain; version=0.0.4; charset=utf-8"))
        case .datasets:
            _ = try call.unpackBody()
            let member = try authenticate(&call)
            return .answer(try list(for: member))
        case .dataset(let name):
            let body = try call.unpackBody()
            let member = try authenticate(&call)
            try check(name: name)
            if call.request.method == "PUT" {
                try check(member, has: .admin, of: name)
                return .answer(try create(name, body: body))
            }
            try check(member, has: .reader, of: name)
            return .answer(try heads(of: name, call.request))
        case .changesets(let name):
            let body = try call.unpackBody()
            if call.request.method == "POST" {
                let lines = try PushBody.lines(body)
                let member = try authenticate(&call)
                try check(name: name)
                try check(member, has: .writer, of: name)
                try call.checkBodyWasKept()
                return .answer(try push(lines, bytes: body.count, to: name, member: member))
            }
            let member = try authenticate(&call)
            try check(name: name)
            let query = try ChangesetsQuery(call.request.query)
            try check(member, has: .reader, of: name)
            return try changesets(
                of: name, query, member: member, mayWait: call.mayWait,
                takesPacked: ContentCoding.accepts(
                    "zstd", call.request.headers["accept-encoding"]))
        case .snapshot(let name):
            _ = try call.unpackBody()
            let member = try authenticate(&call)
            try check(name: name)
            try check(member, has: .reader, of: name)
            return .answer(try snapshot(of: name, call.request))
        }
    }

    private func authenticate(_ call: inout HubCall) throws -> MemberStore.Member {
        guard let token = call.request.token else {
            throw Problem(
                .unauthenticated, "the request has no token: send Authorization: Bearer TOKEN")
        }
        guard let member = try members.member(token: token) else {
            throw Problem(
                .unauthenticated,
                "the token is not known here, or has ended: ask whoever keeps the hub for a new one"
            )
        }
        call.member = member
        return member
    }

    private func check(name: String) throws(Problem) {
        guard DatasetName.isValid(name) else {
            throw Problem(
                .badRequest,
                "\(shown(name)) is no name of a dataset: they are [a-z0-9][a-z0-9-]{0,63}")
        }
    }

    /// A token without a role for the name is told the same whether or not there is such a dataset.
    private func check(
        _ member: MemberStore.Member, has role: Role, of name: String
    ) throws(Problem) {
        guard let own = member.roles[name] else {
            throw Problem(.forbidden, "the token of \(member.name) has no role for \(name)")
        }
        guard own >= role else {
            throw Problem(
                .forbidden,
                "\(member.name) is \(own.rawValue) of \(name); this takes the role \(role.rawValue)"
            )
        }
    }

    /// Where the snapshot of a dataset is kept.
    func shelf(of name: String) -> SnapshotShelf {
        shelves.withLock { shelves in
            if let shelf = shelves[name] { return shelf }
            let place = "\(folder.path)/\(name)\(SnapshotShelf.ending)"
            let metrics = metrics
            let shelf = SnapshotShelf(
                name: name, place: place, freshBytes: snapshotFreshBytes
            ) { metrics.countSnapshot() }
            shelves[name] = shelf
            return shelf
        }
    }

    func existing(_ name: String) throws -> OpenDataset {
        guard let dataset = try folder.dataset(named: name) else {
            throw Problem(.unknownDataset, "there is no dataset \(name) on this hub")
        }
        return dataset
    }

    private func finish(
        _ answer: HubAnswer, for request: HubRequest, route: HubRoute?
    ) -> HubAnswer {
        var answer = answer
        metrics.count(answer, route: route, method: request.method)
        if answer.file != nil { return answer }
        ContentCoding.pack(&answer, for: request)
        return answer
    }

    /// What a client may know of a fault of the store: nothing of paths.
    private static func answer(to error: StoreError) -> HubAnswer {
        let problem: Problem
        switch error.code {
        case .busy:
            problem = Problem(.busy, "the dataset is being written by another program: try again")
        case .io:
            problem = Problem(
                .fault,
                "the hub's disk is full or fails, so that it took nothing of this: tell whoever keeps it"
            )
        default:
            problem = Problem(
                .fault, "the hub could not read or write the dataset; its log says why")
        }
        var answer = HubAnswer(problem)
        answer.note = error.message
        return answer
    }
}

/// One request on its way through the checks.
struct HubCall {
    let request: HubRequest
    let mayWait: Bool
    var member: MemberStore.Member?

    func unpackBody() throws(Problem) -> [UInt8] {
        try ContentCoding.unpack(
            request.body, headers: request.headers, limit: request.maximumBodyBytes)
    }

    /// The token became valid while the body of a stranger was thrown away: nothing to work on.
    func checkBodyWasKept() throws(Problem) {
        if case .dropped = request.body {
            throw Problem(.busy, "the token was not known when the body came: send it again")
        }
    }
}

extension HubAnswer {
    static func plain(_ text: String, type: String = "text/plain; charset=utf-8") -> HubAnswer {
        HubAnswer(status: 200, headers: ["content-type": type], body: Array(text.utf8))
    }

    static func notFound(_ path: String) -> HubAnswer {
        HubAnswer(
            status: 404, title: "Not found",
            detail: "there is nothing at \(shown(path)); datasets are at /v1/datasets/NAME")
    }

    static func wrongMethod(_ method: String, allowed: [String]) -> HubAnswer {
        var answer = HubAnswer(
            status: 405, title: "Method not allowed",
            detail: "\(shown(method)) is not for this path; it takes "
                + allowed.joined(separator: ", "))
        answer.headers.add("allow", allowed.joined(separator: ", "))
        return answer
    }
}
