import Foundation
import PackagePlugin

/// Makes the files of `Schema/kinds`, `codes` and `sql` part of the programs, as string literals.
///
/// SwiftPM's own `.embedInCode` writes every byte as an element of an array, for which the compiler takes 0.3 ms each.
@main struct EmbedSchema: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let files = try ["codes", "kinds", "sql"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                at: target.directoryURL.appending(path: folder), includingPropertiesForKeys: nil)
        }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "PackageResources.swift")
        return [
            .buildCommand(
                displayName: "Embedding Schema",
                executable: try context.tool(named: "tally-embed").url,
                arguments: [output.path] + files.map(\.path), inputFiles: files,
                outputFiles: [output])
        ]
    }
}
