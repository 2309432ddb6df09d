import Glibc

/// A shell command that has the terminal to itself until it ends: a pager, an editor.
///
/// It stays in the program's process group, so that Ctrl-Z stops both and Ctrl-C reaches it; the
/// program itself ignores Ctrl-C meanwhile. (Foundation's Process makes a group of its own, which
/// may not read the terminal.)
struct ForegroundCommand {
    private static let signals = [SIGINT, SIGQUIT, SIGPIPE]

    let script: String
    /// What the script sees as `$1`, `$2` …
    var arguments: [String] = []

    /// Runs the command, with `input` on its standard input, and waits for it.
    ///
    /// - Returns: its exit code, 128 and more for a signal; nil if no shell could be started.
    func run(input: String? = nil) -> Int32? {
        var ends: [Int32] = [-1, -1]
        if input != nil {
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        let before = ForegroundCommand.signals.map { signal in
            (signal, Disposition.reset(signal, ignoring: true))
        }
        defer {
            for (signal, action) in before { Disposition.exchange(signal, action) }
        }
        let child = spawn(reading: ends[0])
        if let input {
            close(ends[0])
            // Who leaves before the end of the input need not read it.
            if child != nil { write(input, to: ends[1]) }
            close(ends[1])
        }
        return child.map(wait)
    }

    private func write(_ input: String, to descriptor: Int32) {
        let sink = ByteSink.descriptor(descriptor)
        _ = Array(input.utf8).withUnsafeBytes { sink.write($0) }
    }

    private func wait(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private func spawn(reading input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input >= 0 { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        // What the program ignores must reach the command.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in ForegroundCommand.signals { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let words: [String] = ["sh", "-c", script, "sh"] + arguments
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, "/bin/sh", &actions, &attributes, &pointers, environ)
        return failure == 0 ? child : nil
    }
}
