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
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals", package: "swift-service-lifecycle")

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

let isFuzzing = Context.environment["TALLY_FUZZING"] != nil

// The flags of libFuzzer would reach the program that the plugin runs: it gets a second main.
// SwiftPM's own way of embedding is the same but for the two minutes that the compiler takes.
let schema: Target =
    isFuzzing
    ? .target(
        name: "TallySchema", path: "Schema",
        resources: [.embedInCode("kinds"), .embedInCode("codes"), .embedInCode("sql")],
        swiftSettings: swiftSettings)
    : .target(
        name: "TallySchema", path: "Schema", exclude: ["kinds", "codes", "sql"],
        swiftSettings: swiftSettings, plugins: ["EmbedSchema"])

let package = Package(
    name: "tally",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Tally", targets: ["TallyCore", "TallyWire", "TallyStore", "TallySync"]),
        .executable(name: "tally", targets: ["tally"]),
        .executable(name: "tally-hub", targets: ["tally-hub"]),
        .executable(name: "tally-simulate", targets: ["tally-simulate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CCurl"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "CFaultDisk", dependencies: ["CSQLite"],
            linkerSettings: [.linkedLibrary("sqlite3")]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        schema,
        .plugin(
            name: "EmbedSchema", capability: .buildTool(), dependencies: ["tally-embed"],
            path: "Sources/EmbedSchema"),
        program("tally-embed", []),

        module("TallyCore"),
        module("TallyWire", ["TallyCore", crypto]),
        module("TallyZstd", ["CZstd"]),
        module(
            "TallyStore",
            ["TallyCore", "TallyWire", "TallySchema", "TallyZstd", "CSQLite", grdb, grdbSQLite]),
        module(
            "TallySync", ["TallyCore", "TallyWire", "TallyStore", "TallyZstd", "CCurl", crypto]),
        module("TallyTerminal", ["TallyCore", "CMalloc"]),
        module("TallyFormats", ["TallyCore", "TallyWire", "TallyStore", "TallyZstd", "CZlib"]),
        module("TallyReports", ["TallyCore", "TallyStore"]),
        module(
            "TallyHub", ["TallyCore", "TallyWire", "TallyStore", "TallyZstd", crypto, grdb]),
        module(
            "TallySimulator",
            [
                "CFaultDisk", "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyHub",
                "TallyFormats", crypto, grdb,
            ]),
        program("tally-simulate", ["TallySimulator", "TallyStore", "TallyWire", argumentParser]),
        program(
            "tally",
            [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyFormats", "TallyReports",
                "TallyTerminal", argumentParser,
            ]),
        program(
            "tally-hub",
            [
                "TallyHub", "TallyCore", "TallyWire", "TallyStore", "TallyTerminal", argumentParser,
                hummingbirdCore, hummingbirdTLS, nioCore, nioPosix, logging, serviceLifecycle,
                unixSignals,
            ]),

        tests("TallyCoreTests", ["TallyCore", "TallySimulator"]),
        tests("TallyWireTests", ["TallyCore", "TallyWire", "TallySimulator", crypto]),
        tests(
            "TallySimulatorTests",
            ["TallyCore", "TallyStore", "TallySimulator", "StoreTestSupport", grdb]),
        tests("TallyZstdTests", ["TallyZstd", "CZstd"]),
        tests("TallyTerminalTests", ["TallyTerminal"]),
        .target(
            name: "StoreTestSupport",
            dependencies: ["TallyCore", "TallyWire", "TallyStore", "TallySimulator"],
            path: "Tests/TallyStoreTests/Support", swiftSettings: swiftSettings),
        .testTarget(
            name: "TallyStoreTests",
            dependencies: [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyFormats",
                "TallySimulator", "TallyZstd", "StoreTestSupport", grdb,
            ], exclude: ["Support"], swiftSettings: swiftSettings),
        tests(
            "TallySyncTests",
            [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallySimulator", "TallyZstd",
                "StoreTestSupport", crypto,
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["tally", "tally-hub", "tally-simulate", "TallySimulator"],
            exclude: ["Crash/Faults/fault-shim.c", "OtherTools/requirements.txt"],
            swiftSettings: swiftSettings),
        tests(
            "TallyHubTests",
            ["TallyCore", "TallyWire", "TallyStore", "TallyZstd", "TallyHub", "tally-hub"]),
        tests(
            "TallyFormatsTests",
            ["TallyCore", "TallyWire", "TallyStore", "TallyFormats", "StoreTestSupport"]),
        tests(
            "TallyReportsTests", ["TallyCore", "TallyStore", "TallyReports", "StoreTestSupport"]),
    ]
)

// The readers under libFuzzer: only there when Fuzzing/run builds them.
if isFuzzing {
    package.targets.append(
        .executableTarget(
            name: "tally-fuzz",
            dependencies: [
                "TallyCore", "TallyWire", "TallyStore", "TallySync", "TallyFormats", "TallyHub",
                "TallyZstd", "StoreTestSupport",
            ], path: "Fuzzing/Readers",
            swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])]))
}
