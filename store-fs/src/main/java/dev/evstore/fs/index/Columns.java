package dev.evstore.fs.index;

import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values of the store stand in the index's columns. */
final class Columns {

    private Columns() {}

    /** Ordinals as big-endian 16-bit numbers, ascending. */
    static byte[] ordinals(Collection<Integer> ordinals) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * ordinals.size());
        new TreeSet<>(ordinals).forEach(ordinal -> bytes.putShort(ordinal.shortValue()));
        return bytes.array();
    }

    static Set<Integer> ordinals(byte[] bytes) {
        Set<Integer> ordinals = new TreeSet<>();
        for (ByteBuffer buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
            ordinals.add((int) buffer.getShort());
        }
        return ordinals;
    }

    /** Tags, each as its length and its UTF-8; null for none. */
    static byte @Nullable [] tags(List<String> tags) {
        if (tags.isEmpty()) {
            return null;
        }
        int size = 0;
        List<byte[]> all =
                tags.stream().map(tag -> tag.getBytes(StandardCharsets.UTF_8)).toList();
        for (byte[] tag : all) {
            size += 1 + tag.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        all.forEach(tag -> bytes.put((byte) tag.length).put(tag));
        return bytes.array();
    }

    static List<String> tags(byte @Nullable [] column) {
        if (column == null) {
            return List.of();
        }
        List<String> tags = new ArrayList<>();
        for (ByteBuffer buffer = ByteBuffer.wrap(column); buffer.hasRemaining(); ) {
            byte[] tag = new byte[buffer.get() & 0xFF];
            buffer.get(tag);
            tags.add(new String(tag, StandardCharsets.UTF_8));
        }
        return tags;
    }

    /** Behind every id there is, so that a search can begin before the first one or behind the last. */
    static byte[] afterAllIds() {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) 0xFF);
        return bytes;
    }

    /** Ids, one after the other. */
    static byte[] ids(List<TransactionId> ids) {
        ByteBuffer bytes = ByteBuffer.allocate(16 * ids.size());
        ids.forEach(id -> bytes.put(id.bytes()));
        return bytes.array();
    }

    static List<TransactionId> ids(byte[] column) {
        List<TransactionId> ids = new ArrayList<>();
        for (ByteBuffer buffer = ByteBuffer.wrap(column); buffer.hasRemaining(); ) {
            ids.add(new TransactionId(buffer.getLong(), buffer.getLong()));
        }
        return ids;
    }

    static byte[] replica(ReplicaId replica) {
        return ByteBuffer.allocate(16)
                .putLong(replica.value().getMostSignificantBits())
                .putLong(replica.value().getLeastSignificantBits())
                .array();
    }

    static ReplicaId replica(byte[] column) {
        ByteBuffer buffer = ByteBuffer.wrap(column);
        return new ReplicaId(new UUID(buffer.getLong(), buffer.getLong()));
    }
}
