import CMalloc

#if canImport(Glibc)
    import Glibc
#endif

/// How the program holds its memory.
public enum ProcessMemory {
    /// Gives blocks of 1 MiB and more back to the system as soon as they are free, such as the lines of changesets: as glibc
    /// comes to hold them itself, an import of a million records peaks a fifth higher, and a hub twice as high.
    ///
    /// https://man7.org/linux/man-pages/man3/mallopt.3.html, M_MMAP_THRESHOLD. To be called once, at the start.
    public static func returnLargeBlocks() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 1 << 20)
        #endif
    }

    /// Has threads share an arena for each processor. By itself glibc makes eight times as many, and each keeps what one
    /// large request took of it: a hub to which large pushes come holds three times as much.
    ///
    /// M_ARENA_MAX. To be called once, at the start.
    public static func shareArenas() {
        #if canImport(Glibc)
            mallopt(M_ARENA_MAX, max(1, CInt(sysconf(CInt(_SC_NPROCESSORS_ONLN)))))
        #endif
    }
}
