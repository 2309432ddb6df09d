import TallyCore
import TallyStore
import TallyTerminal

/// A moment of the history and what it is called.
struct NamedMoment {
    let moment: HistoryMoment
    /// For people: `k3m9x2:8`, `2023-05-01 23:59`, `origin`.
    let name: String
    /// For programs: a whole revision, a time in UTC, the name of a remote, `now`.
    let id: String
    /// Whether it has yet to come.
    var isAhead = false

    static let now = NamedMoment(moment: .now, name: "now", id: "now")
}

extension CommandContext {
    /// The first moment of a WHEN.
    ///
    /// - Parameter command: what takes a revision instead, if anything does.
    /// - Throws: `Failure` when the text is none.
    func since(_ text: String, orRevision command: String? = nil) throws -> Timestamp {
        do {
            return Timestamp(milliseconds: try span(text).firstMs)
        } catch let failure {
            guard let command, RevisionName(text) != nil else { throw failure }
            throw Failure.usage(
                "\(JSONString.quoted(text)) is a revision, no time",
                hint: "What has changed since a revision: \(command) \(text). " + Self.times)
        }
    }

    /// The moment that a person means by a revision, by a time (up to the end of what is written: of that day, of that
    /// minute) or by `now`.
    ///
    /// - Parameter remotes: what else could have been meant; nil where no remote can be.
    func moment(
        _ text: String, in access: DatasetAccess, orRemote remotes: [String]? = nil
    ) throws -> NamedMoment {
        if text == "now" { return .now }
        do throws(TimeSpan.Fault) {
            let span = try TimeSpan(text, nowMs: nowMs, clock: .system)
            return NamedMoment(
                moment: .time(Timestamp(milliseconds: span.lastMs)),
                name: TimeText.dateAndTime(span.lastMs, clock: .system),
                id: Timestamp(milliseconds: span.lastMs).text, isAhead: span.firstMs > nowMs)
        } catch {
            if case .calendar = error { throw noTime(text, error) }
        }
        guard RevisionName(text) != nil else {
            let what =
                remotes == nil
                ? "no revision and no time" : "no revision, no time and no saved remote"
            throw Failure.usage(
                "\(JSONString.quoted(text)) is \(what)",
                hint: Suggestion.question(for: text, among: remotes ?? [])
                    ?? "A revision is one of tally log, as k3m9x2:8. " + Self.times)
        }
        let info = try access.revision(text)
        return NamedMoment(
            moment: .revision(try access.coverage(of: info.revision)), name: info.revision.short,
            id: info.revision.description)
    }

    /// The revision that a person means.
    ///
    /// - Throws: `Failure` (usage) for what is no revision; else as of the store.
    func revision(_ text: String, in access: DatasetAccess) throws -> RevisionInfo {
        guard RevisionName(text) != nil else {
            throw Failure.usage(
                "\(JSONString.quoted(text)) is no revision",
                hint: "It is REPLICA:NUMBER, as in k3m9x2:8. See them with: tally log")
        }
        return try access.revision(text)
    }

    private func span(_ text: String) throws -> TimeSpan {
        do throws(TimeSpan.Fault) {
            return try TimeSpan(text, nowMs: nowMs, clock: .system)
        } catch { throw noTime(text, error) }
    }

    private func noTime(_ text: String, _ fault: TimeSpan.Fault) -> Failure {
        let what = fault == .form ? "is no time" : "is a time that does not exist"
        return Failure.usage("\(JSONString.quoted(text)) \(what)", hint: Self.times)
    }

    private static let times =
        "A time is 2023-05-01, 2023-05-01T12:00, today, yesterday, or how long ago: 90m, 2h, 3d, 1w."
}

extension DatasetAccess {
    /// The record as it was at a moment, where it was there.
    ///
    /// - Parameter moment: nil for now.
    /// - Throws: `StoreError` that says when it was added or deleted.
    func existing(
        _ address: RecordAddress, at moment: NamedMoment?, _ context: CommandContext
    ) throws -> RecordView {
        guard let moment, !(try view(address).isUnknown) else { return try existing(address) }
        let history = try history(of: address)
        let view = try view(address, in: history.state { moment.moment.contains($0.info) })
        if view.isVisible { return view }
        let hint = "See when it was there with: tally history \(address)"
        if view.isGone, let info = try writer(of: Conflict.existenceName, in: view) {
            throw StoreError(
                .noRecord,
                "\(address) was not there at \(moment.name): "
                    + "\(ValueText.signature(info, context)) had deleted it", hint: hint)
        }
        throw StoreError(
            .noRecord, "\(address) was not there yet at \(moment.name)",
            hint: history.entries.first.map {
                "It was added by \(ValueText.signature($0.info, context)) (\($0.revision.short))."
            } ?? hint)
    }
}
