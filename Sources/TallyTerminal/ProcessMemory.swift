import CMalloc

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
}
