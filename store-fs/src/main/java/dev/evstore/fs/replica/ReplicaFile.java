package dev.evstore.fs.replica;

import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code replica.json}: the id, and a floor for the count of transactions written here. The exact count lives in the
 * index; the floor is what is left of it when the index has to be built again. Immutable.
 *
 * @param id who this working copy is
 * @param sequence transactions counted when this was last saved, from 0; it only grows
 */
public record ReplicaFile(ReplicaId id, long sequence) {

    private static final Pattern TEXT =
            Pattern.compile("\\{\"id\":\"([0-9a-f-]{36})\",\"seq\":(0|[1-9][0-9]{0,17})}\\s*");

    /** The id of a replica that is nobody else's. */
    public static ReplicaId newId() {
        return new ReplicaId(UUID.randomUUID());
    }

    /** A replica that has written nothing yet. */
    public static ReplicaFile fresh(ReplicaId id) {
        return new ReplicaFile(id, 0);
    }

    /**
     * What was saved, or null if nothing usable is there.
     *
     * @throws IOException the file is there and can't be read
     */
    public static @Nullable ReplicaFile load(StoreLayout layout) throws IOException {
        if (!Files.exists(layout.replica())) {
            return null;
        }
        Matcher text = TEXT.matcher(Files.readString(layout.replica(), StandardCharsets.UTF_8));
        return text.matches() && ReplicaId.isValid(text.group(1))
                ? new ReplicaFile(ReplicaId.of(text.group(1)), Long.parseLong(text.group(2)))
                : null;
    }

    /** Saves it as a whole. */
    public void save(StoreLayout layout, Disk disk) throws IOException {
        String text = "{\"id\":\"" + id + "\",\"seq\":" + sequence + "}\n";
        disk.replace(layout.temporary(), layout.replica(), text.getBytes(StandardCharsets.UTF_8));
    }
}
