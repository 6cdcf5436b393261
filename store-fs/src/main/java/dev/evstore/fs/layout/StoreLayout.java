package dev.evstore.fs.layout;

import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where everything of a store lies.
 *
 * <pre>
 * root/events/.gitattributes, .gitignore     frozen bytes, committed
 * root/events/2026-11/&lt;tx&gt;.jsonl             event files, committed
 * root/.evstore/                             local, ignored by git
 *   .gitignore  aside-&lt;…&gt;/
 *   &lt;token&gt;/                                  this working copy's own; most can be built again
 *     .gitignore  owner  replica.json  lock  current  index-&lt;epoch&gt;-&lt;n&gt;.db  tmp/
 *     subscriptions.db  subscription-&lt;hash of its name&gt;.lock     what was told to whom: can't be built again
 *     projections/                             read models; can be built again
 *       control.db                              what people asked of them, and what their hosts say
 *       &lt;name&gt;-&lt;hash of it&gt;/                     last  &lt;version&gt;.current  &lt;version&gt;.building  &lt;version&gt;.lock  &lt;version&gt;-&lt;n&gt;.db
 *     uncommitted/2026-11/&lt;tx&gt;.jsonl        event files written here that git's HEAD may not hold yet
 *     ghosts/                               event files that are gone while git is between two steps
 *     committed                             which directories held nothing but what HEAD has, at the last commit
 *     surroundings                          when nothing in git worked against the store
 *     checked-out                           when git was last asked whether all event files are here
 * </pre>
 *
 * <p>The token is random and known here alone: a checkout replaces ignored files without a word, so nothing of the
 * store's own stands under a name that a commit of a peer could hold.
 *
 * @param root the store's directory
 * @param local this replica's own directory; before it is known which that is, the directory it is in
 */
public record StoreLayout(Path root, Path local) {

    /** How the name of every event file ends. */
    public static final String EVENT_FILE_SUFFIX = ".jsonl";

    private static final String ATTRIBUTES =
            "* -text -merge -filter -ident !working-tree-encoding !eol" + " -export-ignore -export-subst\n";
    private static final String IGNORE = "!*.jsonl\n";
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu-MM", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The layout of a store, {@code .evstore} beside {@code events}, as far as it is known without asking whose it is. */
    public static StoreLayout of(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        return new StoreLayout(root, home(root));
    }

    private static Path home(Path root) {
        return root.resolve(".evstore");
    }

    /** What git ignores: the local directory is in it. */
    public Path home() {
        return home(root);
    }

    /** The same store with the local directory of that token. */
    public StoreLayout owned(String token) {
        return new StoreLayout(root, home().resolve(token));
    }

    /** Keeps git from seeing anything that is in {@code directory}. */
    public static Path hides(Path directory) {
        return directory.resolve(".gitignore");
    }

    public Path events() {
        return root.resolve("events");
    }

    public Path attributes() {
        return events().resolve(".gitattributes");
    }

    /** The frozen bytes of {@link #attributes()}: git leaves event files as they are, whatever the user has set. */
    public static byte[] attributesBytes() {
        return ATTRIBUTES.getBytes(StandardCharsets.US_ASCII);
    }

    public Path ignore() {
        return events().resolve(".gitignore");
    }

    /** The frozen bytes of {@link #ignore()}: no ignore rule above hides event files. */
    public static byte[] ignoreBytes() {
        return IGNORE.getBytes(StandardCharsets.US_ASCII);
    }

    /** The directory of what is written at this moment. */
    public Path month(Instant now) {
        return events().resolve(MONTH.format(now));
    }

    /** The name of a loose file, after its first transaction. */
    public static String looseName(TransactionId first) {
        return first + EVENT_FILE_SUFFIX;
    }

    /** The name of a file with many transactions: after the first, and the first 16 hex digits of its SHA-256. */
    public static String packName(TransactionId first, byte[] bytes) {
        return "pack-" + first + "-" + Sha256.hash(bytes).toString().substring(0, 16) + EVENT_FILE_SUFFIX;
    }

    /** The name of a merge transaction's file: two writers never collide on it, though their bytes are equal. */
    public static String mergeName(TransactionId merge, ReplicaId writer) {
        return merge + "." + writer.shortForm() + EVENT_FILE_SUFFIX;
    }

    /**
     * Another name, or path, for a file whose own is taken by other bytes: after the first 16 hex digits of its SHA-256, so
     * that it is the same in every clone.
     */
    public static String besides(String name, Sha256 hash) {
        String stem = name.substring(0, name.length() - EVENT_FILE_SUFFIX.length());
        return stem + "." + hash.toString().substring(0, 16) + EVENT_FILE_SUFFIX;
    }

    /** Whether a file of this name may hold events. */
    public static boolean isEventFile(String name) {
        return name.endsWith(EVENT_FILE_SUFFIX) && !name.startsWith(".");
    }

    /** Says which working copy the local directory belongs to (rule L1). */
    public Path owner() {
        return local.resolve("owner");
    }

    public Path replica() {
        return local.resolve("replica.json");
    }

    public Path lock() {
        return local.resolve("lock");
    }

    /** Held by whoever builds the index anew. */
    public Path reindexLock() {
        return local.resolve("reindex.lock");
    }

    /** Held by whoever commits. */
    public Path commitLock() {
        return local.resolve("commit.lock");
    }

    /** Notes which directories held nothing new for git. */
    public Path committed() {
        return local.resolve("committed");
    }

    /** Notes the state of git in which nothing around the store worked against it. */
    public Path surroundings() {
        return local.resolve("surroundings");
    }

    /** Names the live index database. */
    public Path current() {
        return local.resolve("current");
    }

    /** What subscriptions were told. It is no part of the index, and outlives it. */
    public Path subscriptions() {
        return local.resolve("subscriptions.db");
    }

    /** The lock that the active subscription of a name holds. */
    public Path subscriptionLock(String name) {
        Sha256 hash = Sha256.hash(name.getBytes(StandardCharsets.UTF_8));
        return local.resolve("subscription-" + hash.half() + ".lock");
    }

    /** Where projections keep their state. */
    public Path projections() {
        return local.resolve("projections");
    }

    /** Where the projection of a name does, on file systems that tell letter case and those that don't. */
    public Path projection(String name) {
        Sha256 hash = Sha256.hash(name.getBytes(StandardCharsets.UTF_8));
        return projections()
                .resolve(name.toLowerCase(Locale.ROOT) + "-" + hash.half().substring(0, 8));
    }

    /** Where files are written before they are published; on the same file system as {@link #events()}. */
    public Path temporary() {
        return local.resolve("tmp");
    }

    /** Where event files that are written here are kept a second time. */
    public Path uncommitted() {
        return local.resolve("uncommitted");
    }

    /** Where what git took away for a while is kept until git is done. */
    public Path ghosts() {
        return local.resolve("ghosts");
    }

    /** Notes the state of git in which every event file that it has was in the working tree. */
    public Path checkedOut() {
        return local.resolve("checked-out");
    }
}
