import Glibc

/// The descriptors 0, 1 and 2, which a shell may have closed (`<&-`).
public enum StandardStreams {
    /// Takes the place of those that are closed, so that no pipe and no dataset gets their numbers, as gnulib's stdopen does.
    ///
    /// Reading from standard input then fails with `EBADF`, and so does writing to the others. To be called once, before
    /// anything is opened.
    public static func holdClosed() {
        for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
            // The lowest number that is free is the one that was looked at.
            _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
