package dev.evstore.fs;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Does something on a thread that nobody else has, so that nobody interrupts it: an interrupted thread closes the
 * channels it uses, and that of the lock is shared by every store on a directory (rule A5).
 */
final class Uninterrupted {

    private Uninterrupted() {}

    /** Waits for the result, or throws what {@code work} throws. An interrupted caller stays so. */
    static <T> T call(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> StoreThread.answer(answer, work), "evstore, opening or closing");
        thread.setDaemon(true);
        thread.start();
        return StoreThread.await(answer);
    }
}
