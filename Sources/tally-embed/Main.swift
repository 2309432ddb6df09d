import Foundation

/// Writes a Swift file that holds others: `tally-embed OUTPUT FILE…`. The plugin EmbedSchema runs it in the build.
///
/// `area.json` becomes `PackageResources.area_json`, its bytes. All files are UTF-8.
@main struct Main {
    static func main() throws {
        let paths = CommandLine.arguments.dropFirst()
        guard let output = paths.first else { throw Fault("usage: tally-embed OUTPUT FILE…") }
        var source = "enum PackageResources {\n"
        for path in paths.dropFirst() {
            let url = URL(filePath: path)
            let name = url.lastPathComponent.replacing(".", with: "_")
            guard let text = String(data: try Data(contentsOf: url), encoding: .utf8),
                !text.contains("\"\"\"##"), !text.contains("\r")
            else { throw Fault("\(path) is no text that a literal can hold") }
            // The literal ends before the last newline.
            source += "    static var \(name): [UInt8] {\n        Array(##\"\"\"\n"
            source += text + "\n\"\"\"##.utf8)\n    }\n"
        }
        source += "}\n"
        try source.write(toFile: output, atomically: true, encoding: .utf8)
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
