package dev.evstore.cli.declared;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file with the declarations, as anybody may have committed it: only a regular file of its directory is read, never
 * through a link, and never more than {@value #MOST_BYTES} bytes.
 *
 * @param name the file's own name
 * @param text what stands in it
 */
record DeclarationFile(String name, String text) {

    static final int MOST_BYTES = 64 << 10;

    private static final List<String> NAMES = List.of("projections.yaml", "projections.yml", "projections.json");

    /**
     * The one that a store has, if it has one.
     *
     * @throws Trouble there are several, or it can't be read
     */
    static Optional<DeclarationFile> find(Path store) {
        List<Path> found = NAMES.stream()
                .map(store::resolve)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
        if (found.size() > 1) {
            throw Declarations.unusable(
                    "Projections are declared in more than one file.",
                    Stream.concat(Stream.of(store), found.stream().map(Path::getFileName))
                            .map(Path::toString)
                            .collect(Collectors.joining(" ")),
                    "keep one of them");
        }
        return found.stream().findFirst().map(DeclarationFile::read);
    }

    private static DeclarationFile read(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Declarations.unusable(
                    "The file of declared projections is no ordinary file.",
                    file.toString(),
                    "put the file itself there: links are not followed");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new Trouble(Problem.unreadable("The declared projections can't be read.", file.toString(), e), e);
        }
        if (bytes.length > MOST_BYTES) {
            throw Declarations.unusable(
                    "The file of declared projections is too large.",
                    file + ": more than " + MOST_BYTES + " bytes",
                    "declare fewer projections");
        }
        return new DeclarationFile(file.getFileName().toString(), text(file, bytes));
    }

    private static String text(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Trouble(
                    Problem.usage("The declared projections are no text.", file + ": not UTF-8", "write it in UTF-8"),
                    e);
        }
    }
}
