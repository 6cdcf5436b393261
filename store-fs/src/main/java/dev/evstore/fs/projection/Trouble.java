package dev.evstore.fs.projection;

import dev.evstore.core.StoreException;
import dev.evstore.core.projection.engine.UnwrittenException;
import dev.evstore.fs.index.IndexException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** What people are told of a failed read or write: what, and where, never payload (rule R7). */
final class Trouble {

    private Trouble() {}

    static String said(Throwable trouble) {
        if (trouble instanceof StoreException known) {
            return known.what().replaceFirst("\\.$", "") + ": " + known.where();
        }
        if (trouble instanceof IndexException refused) {
            return refused.isFull() ? "the disk is full" : String.valueOf(refused.getMessage());
        }
        if (trouble instanceof UncheckedIOException wrapped) {
            return said(Objects.requireNonNull(wrapped.getCause(), "made of one"));
        }
        if (trouble instanceof IOException) {
            return trouble.getClass().getSimpleName() + ": " + trouble.getMessage(); // which may be a path alone
        }
        return trouble instanceof UnwrittenException || trouble instanceof StateLostException
                ? String.valueOf(trouble.getMessage())
                : trouble.getClass().getSimpleName();
    }
}
