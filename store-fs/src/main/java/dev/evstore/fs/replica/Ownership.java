package dev.evstore.fs.replica;

import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.layout.UserDirectories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which local directory belongs to this working copy (rule L1). Its name is a random token; a file of that name, kept where no commit of a peer can put anything (in git's own directory, or outside git in the user's state
 * directory), holds what the file system says of a file in it: inode, times. A copy or a restored backup has other ones, and
 * the time of the last change of an inode can't be set by anybody. The inode of the directory alone would not do: file
 * systems give it to the next directory that is made. Moving or mounting the repository elsewhere changes nothing.
 * Immutable and thread-safe.
 */
public final class Ownership {

    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

    private final StoreLayout layout;
    private final @Nullable Path gitDirectory;
    private final Path state;

    public Ownership(StoreLayout layout, @Nullable Path gitDirectory) {
        this(layout, gitDirectory, UserDirectories.state(System.getenv()));
    }

    Ownership(StoreLayout layout, @Nullable Path gitDirectory, Path state) {
        this.layout = layout;
        this.gitDirectory = gitDirectory;
        this.state = state;
    }

    /** The local directory that is this working copy's own; empty if none is, whatever else is there. */
    public Optional<StoreLayout> find() throws IOException {
        if (!isDirectory(layout.home())) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.home())) {
            for (Path one : all) {
                String token = String.valueOf(one.getFileName());
                if (TOKEN.matcher(token).matches() && isDirectory(one) && isOurs(token)) {
                    return Optional.of(layout.owned(token));
                }
            }
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it went a moment ago
        }
        return Optional.empty();
    }

    private static boolean isDirectory(Path path) throws IOException {
        Stamp stamp = Stamp.of(path);
        return stamp != null && stamp.kind() == Stamp.Kind.DIRECTORY;
    }

    private boolean isOurs(String token) throws IOException {
        Stamp owner = Stamp.of(layout.owned(token).owner());
        return owner != null
                && owner.kind() == Stamp.Kind.FILE
                && (isKnown(state.resolve(token), owner)
                        || (gitDirectory != null && isKnown(tokens(gitDirectory).resolve(token), owner)));
    }

    private static boolean isKnown(Path file, Stamp owner) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return lines.size() == 2 && lines.get(1).equals(owner.encoded());
    }

    /** The name of a local directory to be. */
    public static String newToken() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Writes down that {@code draft}, which is going to be the local directory of that token, is ours. */
    public void claim(Path draft, String token) throws IOException {
        Path owner = draft.resolve(layout.owner().getFileName());
        Files.write(owner, new byte[0]);
        Stamp stamp = Objects.requireNonNull(Stamp.of(owner), "just written");
        Path tokens = gitDirectory == null ? state : tokens(gitDirectory);
        Files.createDirectories(tokens);
        Files.writeString(tokens.resolve(token), place() + "\n" + stamp.encoded() + "\n", StandardCharsets.UTF_8);
    }

    /** Forgets the tokens of local directories that were here before; tells whether there were any. */
    public boolean forgetEarlier() throws IOException {
        boolean outside = forgetEarlier(state, layout.root().toString());
        return (gitDirectory != null && forgetEarlier(tokens(gitDirectory), place())) || outside;
    }

    private static boolean forgetEarlier(Path tokens, String place) throws IOException {
        if (!Files.isDirectory(tokens)) {
            return false;
        }
        List<Path> earlier = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tokens)) {
            for (Path token : all) {
                if (TOKEN.matcher(token.getFileName().toString()).matches() && isOf(token, place)) {
                    earlier.add(token);
                }
            }
        }
        for (Path token : earlier) {
            Files.deleteIfExists(token);
        }
        return !earlier.isEmpty();
    }

    private static boolean isOf(Path token, String place) throws IOException {
        try {
            return new String(Files.readAllBytes(token), StandardCharsets.UTF_8).startsWith(place + "\n");
        } catch (NoSuchFileException e) {
            return false; // another process has just forgotten it
        }
    }

    /** Where the store is, as git's directory sees it: it stays so when all of it moves. */
    private String place() {
        Path base = gitDirectory == null
                ? null
                : gitDirectory.toAbsolutePath().normalize().getParent();
        if (base == null || !Objects.equals(base.getRoot(), layout.root().getRoot())) {
            return layout.root().toString();
        }
        return base.relativize(layout.root()).toString();
    }

    private static Path tokens(Path gitDirectory) {
        return gitDirectory.resolve("evstore");
    }
}
