import Foundation
import TallyCore
import TallySimulator
import Testing

/// A file of `SyncFixtures/merge`; the form is described in `SyncFixtures/README.md`.
struct MergeFixture: Decodable {
    let about: String
    let cases: [Case]
    let refusals: [Refusal]?

    struct Case: Decodable {
        let name: String
        let rule: String
        /// By kind, by statement.
        let policies: [String: [String: String]]?
        // The long form.
        let changesets: [WrittenChangeset]?
        let expected: [String: ExpectedRecord]?
        // The short form.
        let record: String?
        let before: JSON?
        let a: JSON?
        let b: JSON?
        let c: JSON?
        let shown: JSON?
        let conflicts: [String]?
        let beaten: [String: [String]]?

        private enum CodingKeys: String, CodingKey {
            case name, rule, policies, changesets, expected, record, before, shown, conflicts
            case beaten
            case a = "A"
            case b = "B"
            case c = "C"
        }
    }

    struct WrittenChangeset: Decodable {
        let by: String
        let at: String
        let seen: [String: Int]?
        let edits: [JSON]
    }

    struct ExpectedRecord: Decodable {
        let existence: String
        let clean: [String: JSON]?
        let sets: [String: [String]]?
        let versions: [String: [String]]?
        let beaten: [String: [String]]?
        let conflicts: [ExpectedConflict]?
    }

    struct ExpectedConflict: Decodable {
        let statement: String
        let what: String
        let winner: String
        let sides: [ExpectedSide]
        /// `.some(.null)` where the fixture says null; nil where it says nothing.
        let before: JSON?
        let preimage: String?
        let id: String?

        private enum CodingKeys: String, CodingKey {
            case statement, what, winner, sides, before, preimage, id
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            statement = try container.decode(String.self, forKey: .statement)
            what = try container.decode(String.self, forKey: .what)
            winner = try container.decode(String.self, forKey: .winner)
            sides = try container.decode([ExpectedSide].self, forKey: .sides)
            before =
                container.contains(.before) ? try container.decode(JSON.self, forKey: .before) : nil
            preimage = try container.decodeIfPresent(String.self, forKey: .preimage)
            id = try container.decodeIfPresent(String.self, forKey: .id)
        }
    }

    struct ExpectedSide: Decodable {
        let letter: String
        let value: JSON
        let by: [String]
    }

    struct Refusal: Decodable {
        let name: String
        let rule: String
        let kind: String
        let fields: [String]
        let fault: String?
    }

    enum JSON: Decodable {
        case null
        case number(Double)
        case text(String)
        case array([JSON])
        case object([String: JSON])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let array = try? container.decode([JSON].self) {
                self = .array(array)
            } else {
                self = .object(try container.decode([String: JSON].self))
            }
        }

        func object() throws -> [String: JSON] {
            guard case .object(let members) = self else { throw FixtureFault("no object: \(self)") }
            return members
        }

        func array() throws -> [JSON] {
            guard case .array(let items) = self else { throw FixtureFault("no array: \(self)") }
            return items
        }

        func value() throws -> Value {
            switch self {
            case .null: return .null
            case .number(let number): return .number(number)
            case .text(let text): return .text(text)
            default: throw FixtureFault("no value: \(self)")
            }
        }
    }
}

struct FixtureFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where the fixtures are, and the kinds that they speak of.
enum MergeFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../SyncFixtures").standardizedFileURL

    static func files() throws -> [(name: String, fixture: MergeFixture)] {
        let folder = folder.appending(path: "merge")
        let urls = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return try urls.filter { $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { url in
                let data = try Data(contentsOf: url)
                do {
                    return (
                        url.lastPathComponent,
                        try JSONDecoder().decode(MergeFixture.self, from: data)
                    )
                } catch { throw FixtureFault("\(url.lastPathComponent): \(error)") }
            }
    }

    static func kinds() throws -> KindCatalog {
        let data = try Data(contentsOf: folder.appending(path: "kinds.json"))
        let file = try JSONDecoder().decode(KindFile.self, from: data)
        return KindCatalog(try file.kinds.map { try $0.makeKind() })
    }

    private struct KindFile: Decodable {
        let kinds: [Description]
    }

    private struct Description: Decodable {
        let kind: String
        let key: [Field]
        let fields: [Field]
        let statements: [Statement]

        struct Field: Decodable {
            let name: String
            let type: String
        }

        struct Statement: Decodable {
            let fields: [String]
            let vintage: String?
        }

        func makeKind() throws -> Kind {
            Kind(
                name: kind, key: try key.map(field), fields: try fields.map(field),
                statements: statements.map { statement in
                    Kind.Statement(
                        fields: statement.fields,
                        vintage: statement.fields.firstIndex { $0 == statement.vintage })
                })
        }

        private func field(_ field: Field) throws -> Kind.Field {
            Kind.Field(name: field.name, type: try #require(FieldType(rawValue: field.type)))
        }
    }
}
