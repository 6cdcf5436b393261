package dev.evstore.core;

/**
 * What a look at the files brought.
 *
 * @param transactions how many transactions became visible
 * @param events how many events they have
 * @param late how many of these arrived late
 * @param retracted how many transactions are gone
 */
public record RefreshReport(int transactions, int events, int late, int retracted) {

    /** Nothing came or went. */
    public static final RefreshReport NOTHING = new RefreshReport(0, 0, 0, 0);
}
