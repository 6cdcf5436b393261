package dev.evstore.cli.input;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a UTF-8 input, one in memory at a time; blank ones are passed over. */
public final class Lines {

    /** The longest line taken, in bytes: an event's limit, and room for what escapes and white space add. */
    static final int LONGEST = 16 << 20;

    private final InputStream in;
    private final String name;
    private long number;

    /**
     * @param name what the input is called in errors
     */
    public Lines(InputStream in, String name) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.name = name;
    }

    /** What the input is called in errors. */
    public String name() {
        return name;
    }

    /** The number of the line that {@link #next()} gave last, from 1. */
    public long number() {
        return number;
    }

    /** Where the input stands, for errors. */
    public String place() {
        return name + ", line " + number;
    }

    /**
     * The next line that is not blank, or null at the end.
     *
     * @throws Trouble if the line is too long or no UTF-8, or the input can't be read
     */
    public @Nullable String next() {
        try {
            while (true) {
                byte[] line = bytes();
                if (line == null) {
                    return null;
                }
                String text = text(line);
                if (!text.isBlank()) {
                    return text;
                }
            }
        } catch (IOException e) {
            throw new Trouble(Problem.unreadable("The input can't be read.", name, e), e);
        }
    }

    private byte @Nullable [] bytes() throws IOException {
        int b = in.read();
        if (b < 0) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == LONGEST) {
                throw new Trouble(Problem.usage(
                        "The line is too long.", place(), "keep a line within " + LONGEST + " bytes of UTF-8"));
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    private String text(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Trouble(Problem.usage("The line is not UTF-8.", place(), "convert the input to UTF-8"), e);
        }
    }
}
