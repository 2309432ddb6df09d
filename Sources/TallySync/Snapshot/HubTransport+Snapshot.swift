import TallyWire

extension HubTransport {
    enum SnapshotAnswer {
        /// The hub has no snapshot, or knows of none.
        case none
        case piece(SnapshotPiece)
        /// Not in parts.
        case whole
    }

    /// Asks for a part of the hub's snapshot, which the hub may have to make first.
    ///
    /// - Parameter headers: which part, and of which snapshot.
    /// - Throws: as every request: `Problem` or `SyncError`.
    func snapshot(_ headers: [HTTPHeader], pieceBytes: Int) throws -> SnapshotAnswer {
        let request = HTTPRequest(
            .get, address.dataset + "/snapshot", headers: headers,
            maximumResponseBytes: max(pieceBytes, 64 * 1024),
            timeoutMs: 600_000,
            lowSpeed: HTTPRequest.LowSpeed(bytesPerSecond: 100, seconds: 300))
        let answer: HTTPResponse
        do throws(HTTPError) {
            answer = try self.answer(to: request)
        } catch {
            if error.code == .tooLarge { return .whole }
            throw SyncError(error)
        }
        switch answer.status {
        case 206:
            guard let piece = SnapshotPiece(answer) else {
                throw notAHub("its snapshot does not say which part of it came")
            }
            return .piece(piece)
        // The end of the old one lies behind that of a new one.
        case 200...299, 416: return .whole
        case 404, 405, 501:
            let error = refusal(answer)
            if error is Problem { throw error }
            return .none
        default: throw refusal(answer)
        }
    }
}
