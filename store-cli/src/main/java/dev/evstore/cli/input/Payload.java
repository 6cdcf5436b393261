package dev.evstore.cli.input;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import dev.evstore.core.format.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A payload as the command line names it: JSON itself, {@code @FILE}, or {@code -} for standard input. */
public final class Payload {

    /** The most bytes read: more than any event may have, blanks included. */
    private static final int MOST = 16 * Limits.EVENT_LINE;

    private Payload() {}

    /**
     * @param resolve where files are looked for
     * @throws Trouble if what is named can't be read
     */
    public static String text(String given, InputStream in, UnaryOperator<Path> resolve) {
        try {
            if (given.equals("-")) {
                return read(in, "standard input");
            }
            if (!given.startsWith("@")) {
                return given;
            }
            Path file = resolve.apply(Path.of(given.substring(1)));
            try (InputStream stream = Files.newInputStream(file)) {
                return read(stream, file.toString());
            }
        } catch (CharacterCodingException e) {
            throw new Trouble(Problem.usage("The data is not UTF-8.", given, "convert it to UTF-8"), e);
        } catch (IOException e) {
            throw new Trouble(Problem.unreadable("The data can't be read.", given, e), e);
        }
    }

    private static String read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MOST + 1);
        if (bytes.length > MOST) {
            throw new Trouble(Problem.usage(
                    "The data is too large.", name, "keep an event within " + Limits.EVENT_LINE + " bytes"));
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
