import ArgumentParser

@main
struct TallyHubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally-hub",
        abstract: "Holds the log of changesets of datasets and hands them on.",
        discussion: """
            A folder holds everything: a dataset file NAME.tally for each dataset, and hub.sqlite with the members.

            EXAMPLE
              tally-hub token create --data hub --name mina --dataset korea --role admin
              tally-hub serve --data hub
            """,
        subcommands: [ServeCommand.self, TokenCommand.self])
}
