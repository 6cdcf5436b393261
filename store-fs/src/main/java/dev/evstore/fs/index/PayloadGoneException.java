package dev.evstore.fs.index;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The index knows an event whose bytes are no longer where they were: a look at the files is due. */
public final class PayloadGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    PayloadGoneException(String file, @Nullable IOException cause) {
        super(file, cause);
    }
}
