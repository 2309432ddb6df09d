import ArgumentParser
import TallyCore
import TallyHub
import TallyStore
import TallyTerminal

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes, lists and ends the tokens of members; works while the hub serves.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes a token and prints it, once, as the last word.",
            discussion: """
                A reader pulls, a writer pushes too, an admin also creates the dataset, which need not exist yet. \
                Give --dataset several times for a token of several datasets.

                EXAMPLE
                  tally-hub token create --data hub --name mina --dataset korea --role writer
                """)

        @OptionGroup var data: DataOption
        @Option(help: "Who the token is for.")
        var name: String
        @Option(help: "The name of a dataset; may be given several times.")
        var dataset: [String]
        @Option(help: "reader, writer or admin.")
        var role: Role

        func validate() throws {
            if dataset.isEmpty {
                throw ValidationError("A token is for a dataset: --dataset korea")
            }
        }

        func run() async throws {
            try await CommandFailure.reporting {
                let members = try data.members(mustExist: false)
                defer { members.close() }
                let token = try members.createToken(
                    name: name, datasets: dataset, role: role, at: SystemClock.now)
                let of = dataset.joined(separator: ", ")
                StandardStream.output.write(
                    "Token for \(Printable.line(name)) (\(role.rawValue) of \(of)): \(token.text)\n"
                )
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists who may do what; the tokens themselves are not kept.",
            discussion: """
                EXAMPLE
                  tally-hub token list --data hub
                """)

        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.reporting {
                let members = try data.members(mustExist: true)
                defer { members.close() }
                let rows = try members.tokens()
                guard !rows.isEmpty else {
                    StandardStream.error.write(
                        "No tokens yet. Make one with: tally-hub token create --data \(data.data) "
                            + "--name NAME --dataset DATASET --role ROLE\n")
                    return
                }
                let table = [["NAME", "DATASET", "ROLE", "CREATED", "REVOKED"]] + rows.map(\.cells)
                StandardStream.output.write(Self.aligned(table))
            }
        }

        private static func aligned(_ rows: [[String]]) -> String {
            let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
            return rows.map { row in
                let line = zip(row, widths).map { cell, width in
                    cell + String(repeating: " ", count: width - cell.count)
                }.joined(separator: "  ")
                return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
            }.joined()
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Ends the tokens of a member, at once.",
            discussion: """
                EXAMPLE
                  tally-hub token revoke --data hub --name mina
                  tally-hub token revoke --data hub --name mina --dataset korea
                """)

        @OptionGroup var data: DataOption
        @Option(help: "Whose tokens end.")
        var name: String
        @Option(help: "End only what they may do with this dataset.")
        var dataset: String?

        func run() async throws {
            try await CommandFailure.reporting {
                let members = try data.members(mustExist: true)
                defer { members.close() }
                let count = try members.revoke(
                    name: name, dataset: dataset, at: SystemClock.now)
                let of = dataset.map { " for \($0)" } ?? ""
                guard count > 0 else {
                    throw CommandFailure(
                        66, "\(name) has no token\(of) that is in force",
                        hint: "See who has: tally-hub token list --data \(data.data)")
                }
                StandardStream.output.write(
                    "Ended \(count) \(count == 1 ? "token" : "tokens") of \(Printable.line(name))\(of)\n"
                )
            }
        }
    }
}

struct DataOption: ParsableArguments {
    @Option(help: "The folder of the hub.")
    var data: String

    func members(mustExist: Bool) throws -> MemberStore {
        let path = data + "/hub.sqlite"
        if mustExist, try FileBytes.read(path, limit: 1 << 30) == nil {
            throw StoreError(
                .noFile, "\(data) is no folder of a hub: there is no hub.sqlite in it",
                hint: "Name the folder with --data DIR.")
        }
        try FileBytes.makeFolder(data)
        return try MemberStore(path: path)
    }
}

extension Role: ExpressibleByArgument {}

extension MemberStore.TokenRow {
    fileprivate var cells: [String] {
        [Printable.line(name), dataset, role.rawValue, created.text, revoked?.text ?? "-"]
    }
}
