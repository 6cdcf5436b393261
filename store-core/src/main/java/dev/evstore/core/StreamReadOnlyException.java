package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;

/** A stream holds a transaction of a newer format, so this version must not write it (rule V3). */
public final class StreamReadOnlyException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StreamReadOnlyException(StreamId stream, TransactionId newer) {
        super(
                "The stream needs a newer evstore; nothing was written.",
                "stream " + stream + ", transaction " + newer,
                "update evstore on this machine",
                null);
    }
}
