package dev.evstore.core.event;

import dev.evstore.core.id.ReplicaId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Who wrote an ordinary transaction, by its own word. Orders nothing. Immutable.
 *
 * @param replica the writing replica
 * @param sequence the replica's own count, from 1
 * @param at the writer's wall clock as written, {@code dddd-dd-ddTdd:dd:dd.dddZ}; the digits may name no real instant
 */
public record Origin(ReplicaId replica, long sequence, String at) {

    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** An instant of the years 0..9999 as this store writes it: always milliseconds, always UTC. */
    public static String format(Instant instant) {
        return AT.format(instant);
    }
}
