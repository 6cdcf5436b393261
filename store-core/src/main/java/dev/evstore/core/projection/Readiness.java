package dev.evstore.core.projection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a projection's state is complete (rule R2). */
public sealed interface Readiness {

    /**
     * It is being built, or catches up with what came before it was opened.
     *
     * @param progress 0.0..1.0 of the events
     * @param eta what is left at the present rate, or null while that is not known
     */
    record Rebuilding(double progress, @Nullable Duration eta) implements Readiness {}

    /** Its state is durable, has everything that was visible when it became ready, and follows. */
    record Ready() implements Readiness {}

    /** It can't go on for a while, and serves its last state. */
    record Waiting(String reason) implements Readiness {}

    /** It stopped, and serves its last state if there is a complete one. It takes a person, or {@code rebuild}. */
    record Failed(String reason) implements Readiness {}
}
