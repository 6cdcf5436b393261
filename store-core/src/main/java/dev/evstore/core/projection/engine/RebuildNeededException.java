package dev.evstore.core.projection.engine;

/**
 * An {@code ARRIVAL} view lost an event, or tables that can't be reset are to be folded again: only a fold from the start
 * is right (rule O5).
 */
public final class RebuildNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RebuildNeededException(String what) {
        super(what);
    }
}
