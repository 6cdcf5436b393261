package dev.evstore.core;

import org.jspecify.annotations.Nullable;

/** The store's files or its index can't be used. */
public final class StoreUnusableException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnusableException(String what, String where, String remedy, @Nullable Throwable cause) {
        super(what, where, remedy, cause);
    }
}
