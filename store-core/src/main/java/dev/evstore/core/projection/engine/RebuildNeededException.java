package dev.evstore.core.projection.engine;

/** An {@code ARRIVAL} view lost an event: only a fold from the start is right (rule O5). */
public final class RebuildNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RebuildNeededException(String what) {
        super(what);
    }
}
