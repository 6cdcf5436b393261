package dev.evstore.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved, forwards or back. Thread-safe. */
public final class ManualClock extends Clock {

    /** Where it starts: the morning of 2026-11-20. */
    public static final Instant START = Instant.parse("2026-11-20T06:00:00.123Z");

    private volatile Instant now = START;

    public void set(Instant instant) {
        now = instant;
    }

    public void move(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a store asks for milliseconds only");
    }
}
