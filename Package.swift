// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")

func module(
    _ name: String, _ dependencies: [Target.Dependency] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "tally",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Tally", targets: ["TallyCore", "TallyWire", "TallyStore", "TallySync"]),
        .executable(name: "tally", targets: ["tally"]),
        .executable(name: "tally-hub", targets: ["tally-hub"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "TallySchema", path: "Schema",
            resources: [.embedInCode("kinds"), .embedInCode("codes"), .embedInCode("sql")],
            swiftSettings: swiftSettings),

        module("TallyCore"),
        module("TallyWire", ["TallyCore", crypto]),
        module("TallyZstd", ["CZstd"]),
        module(
            "TallyStore", ["TallyCore", "TallyWire", "TallySchema", "TallyZstd", grdb, grdbSQLite]),
        module("TallySync", ["TallyCore", "TallyWire", "TallyStore", "TallyZstd", "CCurl"]),
        module("TallyTerminal", ["TallyCore"]),
        module("TallyFormats", ["TallyCore", "TallyStore"]),
        module("TallyHub", ["TallyCore", "TallyWire", "TallyStore", crypto, grdb]),
        module("TallySimulator", ["TallyCore", "TallyWire"]),
        program(
            "tally",
            [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyFormats",
                "TallyTerminal", argumentParser,
            ]),
        program("tally-hub", ["TallyHub", argumentParser, hummingbird, hummingbirdTLS]),

        tests("TallyCoreTests", ["TallyCore", "TallySimulator"]),
        tests("TallyWireTests", ["TallyCore", "TallyWire"]),
        tests("TallyZstdTests", ["TallyZstd", "CZstd"]),
        tests("TallyTerminalTests", ["TallyTerminal"]),
        tests(
            "TallyStoreTests",
            [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyFormats",
                "TallySimulator", grdb,
            ]),
        tests("TallySyncTests", ["TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyZstd"]),
    ]
)
