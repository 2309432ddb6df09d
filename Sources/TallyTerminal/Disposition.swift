import Glibc

/// What a signal does to this process.
enum Disposition {
    /// Runs `handler` on `signal`; returns what happened before.
    @discardableResult
    static func set(
        _ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void
    ) -> sigaction {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        // Reads and writes of other code go on after a signal; who waits has a WakePipe.
        action.sa_flags = SA_RESTART
        return exchange(signal, action)
    }

    /// Gives `signal` its default effect (SIG_DFL) or none (SIG_IGN). Async-signal-safe.
    @discardableResult
    static func reset(_ signal: Int32, ignoring: Bool = false) -> sigaction {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = ignoring ? SIG_IGN : SIG_DFL
        return exchange(signal, action)
    }

    /// What `signal` does now.
    static func current(_ signal: Int32) -> sigaction {
        var action = sigaction()
        sigaction(signal, nil, &action)
        return action
    }

    /// Installs `action`; returns what was there. Async-signal-safe.
    @discardableResult
    static func exchange(_ signal: Int32, _ action: sigaction) -> sigaction {
        var new = action
        var old = sigaction()
        sigaction(signal, &new, &old)
        return old
    }

    static func isIgnored(_ action: sigaction) -> Bool {
        address(action.__sigaction_handler.sa_handler) == address(SIG_IGN)
    }

    static func isDefault(_ action: sigaction) -> Bool {
        address(action.__sigaction_handler.sa_handler) == address(SIG_DFL)
    }

    /// C compares handlers as addresses; Swift cannot compare functions.
    private static func address(_ handler: __sighandler_t?) -> Int {
        unsafeBitCast(handler, to: Int.self)
    }

    /// Ends or stops the process by the default effect of `signal`, from inside its handler.
    static func raiseDefault(_ signal: Int32) {
        reset(signal)
        var only = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, signal)
        var before = sigset_t()
        raise(signal)
        pthread_sigmask(SIG_UNBLOCK, &only, &before)
        // Here only after a stop that was continued.
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
