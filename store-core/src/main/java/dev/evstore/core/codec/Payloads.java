package dev.evstore.core.codec;

/**
 * Values as JSON text and back. Thread-safe.
 *
 * <p>Equal values give equal text, on every machine and after reading back: what has no order of its own (maps, sets) is
 * written sorted, and numbers, times and enums do not depend on the JDK, the locale or the time zone (rule S10).
 */
public interface Payloads {

    /**
     * The value as JSON text. A number that is not an integer is written so that a merge transaction keeps it: there it
     * is read as binary64 (rule M1).
     *
     * @throws PayloadException if it has no such text: not finite, nested too deep, of a class that can't be written
     */
    String write(Object value);

    /**
     * The value that the text says, never null. Properties that the class does not have are passed over: a later version
     * may have added them.
     *
     * @param json a JSON value as the format allows it (rule V1)
     * @throws PayloadException if the text says no such value
     */
    <T> T read(String json, Class<T> type);
}
