#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// SIGPIPE, kept from the process while libcurl writes to a socket that the hub has closed.
///
/// With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE to its caller
/// (https://curl.se/libcurl/c/CURLOPT_NOSIGNAL.html), and OpenSSL writes without MSG_NOSIGNAL. How
/// the process as a whole takes the signal belongs to the program (`tally export | head` ends by
/// it), so it is blocked in this thread only, and one that came meanwhile is taken away.
enum BrokenPipe {
    static func held<Result>(during body: () -> Result) -> Result {
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        if isPending { return body() }
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer {
            // SIGPIPE goes to the thread that wrote, so a pending one is this thread's own.
            if isPending {
                var signal: CInt = 0
                sigwait(&pipe, &signal)
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return body()
    }

    private static var isPending: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGPIPE) == 1
    }
}
