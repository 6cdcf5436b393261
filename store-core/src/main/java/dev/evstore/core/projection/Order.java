package dev.evstore.core.projection;

/** In which order a projection's handlers see events. */
public enum Order {
    /**
     * In canonical order, row by row: the state is the same on every replica that has the same events, byte for byte,
     * however they arrived (rule O1).
     */
    CANONICAL,
    /**
     * In this replica's local-ingestion order, each event once, never going back: for views that are commutative or that
     * are about this replica (rule O5). A retraction builds such a view anew.
     */
    ARRIVAL
}
