package dev.evstore.core;

/** Hears how far long work is. Called on the thread that does the work, often: it has to be quick. */
@FunctionalInterface
public interface ProgressListener {

    /** Doesn't care. */
    ProgressListener NONE = (done, total) -> {};

    /**
     * @param done how many are done
     * @param total of how many; 0 while they are still being counted
     */
    void at(long done, long total);
}
