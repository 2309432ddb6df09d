import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOPosix
import ServiceLifecycle
import TallyHub

/// Reads a request within bounds, has it answered on a thread that may block, and writes the answer.
struct HubResponder: Sendable {
    let service: HubService
    let pool: NIOThreadPool
    let bounds: Bounds

    func respond(
        to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        let start = ContinuousClock.now
        var call = HubRequest(request.head)
        let plan = try await plan(for: call)
        // What is left of the body is then not read, so the connection cannot serve another request.
        var closes = false
        switch plan {
        case .none: break
        case .refuse(let declared):
            call.body = .dropped(byteCount: declared)
            closes = true
        case .keep, .count:
            if call.expectsContinue {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            call.body = try await read(request.body, of: call, isKept: plan == .keep, on: channel)
            closes = call.body.byteCount > call.maximumBodyBytes
        }
        var answer = try await answer(to: call)
        if call.method == "HEAD" { (answer.body, answer.file) = ([], nil) }
        try await write(answer, to: writer, on: channel, closes: closes)
        RequestLog.write(call, answer, duration: ContinuousClock.now - start)
    }

    // MARK: Reading

    private enum BodyPlan: Equatable {
        case none
        case keep
        /// Read and thrown away: a stranger's, whose size alone decides the answer.
        case count
        /// Too large as declared, or a stranger's of a declared size who asks before sending it.
        case refuse(byteCount: Int)
    }

    private func plan(for call: HubRequest) async throws -> BodyPlan {
        let declared = call.headers["content-length"].flatMap { Int($0) } ?? 0
        if declared > call.maximumBodyBytes { return .refuse(byteCount: declared) }
        guard declared > 0 || call.headers["transfer-encoding"] != nil else { return .none }
        let isKnown = try await pool.runIfActive { service.knowsToken(of: call) }
        if isKnown { return .keep }
        return call.expectsContinue && declared > 0 ? .refuse(byteCount: declared) : .count
    }

    private func read(
        _ body: RequestBody, of call: HubRequest, isKept: Bool, on channel: any Channel
    ) async throws -> HubRequest.Body {
        let watchdog = Watchdog(channel)
        // A stranger has no more than for the head.
        watchdog.set(seconds: isKept ? bounds.bodySeconds : bounds.idleSeconds)
        defer { watchdog.off() }
        var bytes: [UInt8] = []
        var count = 0
        for try await part in body {
            count += part.readableBytes
            if count > call.maximumBodyBytes { return .dropped(byteCount: count) }
            if isKept { bytes.append(contentsOf: part.readableBytesView) }
        }
        // A connection that ends early ends the sequence too, and half a body must not pass for a whole one.
        if let declared = call.headers["content-length"].flatMap({ Int($0) }), declared != count {
            throw ChannelError.eof
        }
        guard channel.isActive else { throw ChannelError.alreadyClosed }
        return isKept ? .whole(bytes) : .dropped(byteCount: count)
    }

    // MARK: Answering

    private func answer(to call: HubRequest) async throws -> HubAnswer {
        let reply = try await pool.runIfActive { service.reply(to: call) }
        switch reply {
        case .answer(let answer): return answer
        case .wait(let wait):
            // Whoever waits is let go when the hub stops, which would otherwise take as long as they wait.
            let hasWaited = await withGracefulShutdownHandler {
                await service.waits.wait(wait) { try await Task.sleep(for: .seconds(wait.seconds)) }
            } onGracefulShutdown: {
                service.waits.close()
            }
            return try await pool.runIfActive {
                hasWaited ? service.answer(call) : service.refuseWait(call)
            }
        }
    }

    // MARK: Writing

    private func write(
        _ answer: HubAnswer, to writer: consuming ResponseWriter, on channel: any Channel,
        closes: Bool
    ) async throws {
        let head = HTTPResponse(answer, closes: closes)
        let watchdog = Watchdog(channel)
        defer { watchdog.off() }
        watchdog.set(seconds: bounds.partSeconds)
        let partBytes = Bounds.partBytes
        if let file = answer.file {
            try await write(file, head, to: writer, watchdog)
        } else if answer.body.count <= partBytes {
            try await writer.write(
                response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        } else {
            // In parts, each when there is room for it: the connection then counts as busy until the last one is taken.
            let body = try await writer.writeHead(head)
            for start in stride(from: 0, to: answer.body.count, by: partBytes) {
                let part = answer.body[start..<min(start + partBytes, answer.body.count)]
                watchdog.set(seconds: bounds.partSeconds)
                var writer = body
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await body.finish(nil)
        }
        if closes { linger(on: channel) }
    }

    /// Read from the disk as it is sent: each part when there is room for it.
    private func write(
        _ file: FilePart, _ head: HTTPResponse, to writer: consuming ResponseWriter,
        _ watchdog: Watchdog
    ) async throws {
        let body = try await writer.writeHead(head)
        for start in stride(from: 0, to: file.byteCount, by: Bounds.filePartBytes) {
            let part = try await pool.runIfActive {
                try file.bytes(at: start, count: Bounds.filePartBytes)
            }
            watchdog.set(seconds: bounds.partSeconds)
            var writer = body
            try await writer.write(ByteBuffer(bytes: part))
        }
        try await body.finish(nil)
    }

    /// Half-closed first: to close on bytes that were not read would take the answer from the client.
    private func linger(on channel: any Channel) {
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(Int64(bounds.lingerSeconds))) {
            channel.close(promise: nil)
        }
    }
}

extension HubRequest {
    fileprivate var expectsContinue: Bool { headers["expect"]?.lowercased() == "100-continue" }

    init(_ head: HTTPRequest) {
        var headers = HubHeaders()
        for field in head.headerFields { headers.add(field.name.canonicalName, field.value) }
        self.init(method: head.method.rawValue, target: head.path ?? "/", headers: headers)
    }
}

extension HTTPResponse {
    init(_ answer: HubAnswer, closes: Bool) {
        self.init(status: .init(code: answer.status))
        for field in answer.headers.fields {
            if let name = HTTPField.Name(field.name) { headerFields[name] = field.value }
        }
        headerFields[.date] = SystemClock.httpDate
        headerFields[.server] = "tally-hub"
        if answer.status != 304 { headerFields[.contentLength] = String(answer.byteCount) }
        if closes { headerFields[.connection] = "close" }
    }
}
