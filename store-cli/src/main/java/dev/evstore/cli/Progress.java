package dev.evstore.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells somebody who watches how far a long command is: one line on standard error, rewritten a few times a second. */
public final class Progress implements AutoCloseable {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String things;
    private final Session session;
    private final boolean shown;
    private final long start = System.nanoTime();
    private long last = start - EVERY_NANOS;
    private boolean written;

    private Progress(String things, Session session) {
        this.things = things;
        this.session = session;
        this.shown = session.watched();
    }

    /**
     * @param things what is counted
     */
    public static Progress of(String things, Session session) {
        return new Progress(things, session);
    }

    /** So many are done. Cheap to call for each. */
    public void at(long done) {
        at(done, 0);
    }

    /**
     * So many are done of so many.
     *
     * @param total 0 if nobody knows
     */
    public void at(long done, long total) {
        if (!shown) {
            return;
        }
        long now = System.nanoTime();
        if (now - last >= EVERY_NANOS) {
            last = now;
            written = true;
            session.error("\r\u001b[K" + line(things, done, total, now - start));
        }
    }

    /** What the line says after {@code nanos}. */
    static String line(String things, long done, long total, long nanos) {
        double perSecond = nanos <= 0 ? 0 : done * 1e9 / nanos;
        String of = total <= 0 ? "" : String.format(Locale.ROOT, " of %,d (%d %%)", total, done * 100 / total);
        return String.format(Locale.ROOT, "%,d%s %s, %,.0f %s/s", done, of, things, perSecond, things);
    }

    /** Takes the line away. */
    @Override
    public void close() {
        hide();
    }

    /** Takes the line away until something is counted again. */
    public void hide() {
        if (written) {
            written = false;
            session.error("\r\u001b[K");
        }
    }
}
