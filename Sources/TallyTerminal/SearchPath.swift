import Glibc

/// The folders that programs are looked for in: `$PATH`.
enum SearchPath {
    /// Whether `program` is in one of them and may be run.
    static func contains(_ program: String, environment: (_ name: String) -> String?) -> Bool {
        (environment("PATH") ?? "").split(separator: ":").contains { folder in
            access(folder + "/" + program, X_OK) == 0
        }
    }
}
