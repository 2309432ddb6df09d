import Synchronization
import TallyCore
import TallySchema
import TallyWire

/// A list of codes and their names, as it stands in `Schema/codes`.
public final class CodeList: Sendable {
    public let name: String
    public let title: String
    /// Where the codes come from.
    public let source: String
    public let date: String
    /// What has to be known of the members of the entries; empty when nothing has to.
    public let note: String
    /// Sorted by code.
    public let entries: [Entry]
    private let positions: [String: Int]

    /// The list of that name; nil when there is none.
    ///
    /// Read when first asked for, and kept.
    public static func named(_ name: String) -> CodeList? {
        cache.withLock { lists in
            if let list = lists[name] { return list }
            guard let bytes = TallySchema.codeList(name) else { return nil }
            let list = CodeList(bytes)
            lists[name] = list
            return list
        }
    }

    private static let cache = Mutex<[String: CodeList]>([:])

    public static var names: [String] { TallySchema.codeListNames }

    /// A list that ships.
    static func shipped(_ name: String) -> CodeList {
        guard let list = named(name) else { preconditionFailure("there is no code list \(name)") }
        return list
    }

    private init(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let name = json["list"]?.string else {
            preconditionFailure("a file of Schema/codes is no code list")
        }
        self.name = name
        title = json["title"]?.string ?? name
        source = json["source"]?.string ?? ""
        date = json["date"]?.string ?? ""
        note = json["note"]?.string ?? ""
        entries = (json["codes"]?.array ?? []).map(Entry.init)
        positions = Dictionary(
            uniqueKeysWithValues: entries.enumerated().map { ($0.element.code, $0.offset) })
    }

    public func contains(_ code: String) -> Bool { positions[code] != nil }

    public subscript(code: String) -> Entry? { positions[code].map { entries[$0] } }

    /// The codes that somebody may have meant: those whose name or alias is the text, those in use first,
    /// then those near it.
    public func suggestions(for text: String, limit: Int = 3) -> [Entry] {
        let wanted = text.lowercased()
        let named = entries.filter { entry in
            entry.code.lowercased() == wanted
                || ([entry.name] + entry.aliases).contains { $0.lowercased() == wanted }
        }
        var found = named.filter { $0.now == nil } + named.filter { $0.now != nil }
        for code in Suggestion.nearest(to: text, among: entries.map(\.code), limit: limit)
        where !found.contains(where: { $0.code == code }) {
            if let entry = self[code] { found.append(entry) }
        }
        for word in Suggestion.nearest(to: text, among: entries.map(\.name), limit: limit)
        where !found.contains(where: { $0.name == word }) {
            found += entries.filter { $0.name == word }
        }
        return Array(found.prefix(limit))
    }
}
