package dev.evstore.core.projection.engine;

import dev.evstore.core.codec.Payloads;
import dev.evstore.core.projection.Effects;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Results that are kept, and those made since (rule E1). Not thread-safe. */
final class Memos implements Effects {

    private final RowStore store;
    private final Payloads payloads;
    /** Name and version of each effect. */
    private final Map<String, Integer> declared;

    private final Map<Place, Memo> made = new HashMap<>();

    private record Place(String effect, String key) {}

    Memos(RowStore store, Payloads payloads, Map<String, Integer> declared) {
        this.store = store;
        this.payloads = payloads;
        this.declared = declared;
    }

    @Override
    public <T> @Nullable T memo(String effect, String key, Class<T> type, Supplier<@Nullable T> call) {
        Integer version = declared.get(effect);
        if (version == null) {
            throw new IllegalArgumentException("the projection declares no effect " + effect);
        }
        Memo memo = made.get(new Place(effect, key));
        if (memo == null) {
            memo = store.memo(effect, version, key);
        }
        if (memo == null) {
            T result = call.get();
            byte[] value = result == null ? null : payloads.write(result).getBytes(StandardCharsets.UTF_8);
            memo = new Memo(effect, version, key, value);
            made.put(new Place(effect, key), memo);
        }
        // A result that was kept and one that was just made are the same to a handler.
        return memo.value() == null ? null : payloads.read(new String(memo.value(), StandardCharsets.UTF_8), type);
    }

    int made() {
        return made.size();
    }

    /** Those made since the last time. */
    List<Memo> freeze() {
        List<Memo> frozen = List.copyOf(made.values());
        made.clear();
        return frozen;
    }
}
