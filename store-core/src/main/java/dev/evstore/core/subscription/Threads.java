package dev.evstore.core.subscription;

/** Waiting for threads. */
final class Threads {

    private Threads() {}

    /** Waits for the thread to end, interrupted or not; not if it is the one that calls. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
