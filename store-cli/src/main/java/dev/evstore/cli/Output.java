package dev.evstore.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Standard output, as lines of UTF-8. Unlike {@code System.out} it does not swallow failures. */
public final class Output {

    private final OutputStream out;

    Output(OutputStream out) {
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    /** Writes text and a line feed; it may stay in the buffer until {@link #flush()}. */
    public void line(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw gone(e);
        }
    }

    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private static RuntimeException gone(IOException e) {
        String why = String.valueOf(e.getMessage());
        if (why.toLowerCase(Locale.ROOT).contains("pipe")) {
            return new ReaderGone(e);
        }
        return new Trouble(
                Problem.usage(
                        "Standard output can't be written.",
                        why,
                        "make room, or send the output elsewhere; what a command did before stays done"),
                e);
    }

    /** Whoever read standard output has closed it: nobody is there to be told anything. */
    static final class ReaderGone extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ReaderGone(IOException cause) {
            super(cause);
        }
    }
}
