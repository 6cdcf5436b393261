package dev.evstore.core.projection;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls outside the events that a handler needs the result of: each is made once, and its result kept (rule E1).
 *
 * <p>A result is kept under the effect's name and version and a key. It is written before the rows that were folded with
 * it, outlives rebuilds, versions of the projection and the retraction of its event, and is never asked for again; a
 * process that dies before that asks again. So rows that use effects fold alike again and again on one replica, and may
 * differ from another replica's.
 */
public interface Effects {

    /**
     * The result of a call, which is made if it is not kept.
     *
     * @param effect a name that the projection declares
     * @param key what the call depends on; all of it
     * @param type the result's class, which the codec's payloads can write and read
     * @param call makes the result; null is a result, too
     * @throws IllegalArgumentException the projection does not declare the effect
     */
    <T> @Nullable T memo(String effect, String key, Class<T> type, Supplier<@Nullable T> call);
}
