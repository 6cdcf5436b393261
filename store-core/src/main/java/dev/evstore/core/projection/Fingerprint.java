package dev.evstore.core.projection;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.codec.Shape;
import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a projection that can be seen from outside and that its stored state depends on (rule S9). What can't be
 * seen, the functions, has the version.
 */
final class Fingerprint {

    /** The way states are encoded: another number makes every state anew. */
    private static final int CODEC = 1;

    private Fingerprint() {}

    static String of(Projection<?> projection, @Nullable EventCodec<?> codec) {
        StringBuilder text = new StringBuilder();
        line(text, "codec", CODEC);
        line(text, "version", projection.version);
        if (projection.definition != null) {
            line(text, "definition", projection.definition);
        }
        line(text, "kind", projection.kind);
        line(text, "order", projection.order);
        line(text, "prefix", projection.filter.streamPrefix());
        line(text, "glob", projection.filter.glob());
        line(text, "types", names(projection.filter.types()));
        line(text, "tags", list(projection.filter.tags()));
        line(text, "errors", projection.rebuild == ErrorPolicy.STOP && projection.live == ErrorPolicy.STOP);
        line(text, "every", projection.every != null);
        line(text, "redacted", projection.redacted != null);
        line(text, "by type", names(projection.byType.keySet()));
        line(text, "effects", new TreeMap<>(projection.effects));
        line(text, "state", Shape.of(projection.stateType));
        Map<String, String> handled = new TreeMap<>();
        projection.byClass.keySet().forEach(type -> handled.put(type.getName(), Shape.of(type)));
        line(text, "by class", handled);
        if (codec != null && !projection.byClass.isEmpty()) {
            Map<String, String> shapes = new TreeMap<>();
            codec.shapesOf(projection.byClass.keySet()).forEach((type, shape) -> shapes.put(type.value(), shape));
            line(text, "shapes", shapes);
        }
        return Sha256.hash(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String names(Set<EventType> types) {
        return list(types.stream().map(EventType::value).toList());
    }

    /** Sorted, and told from every other list: a name may hold anything that stands between names. */
    private static String list(Collection<String> names) {
        StringBuilder text = new StringBuilder();
        new TreeSet<>(names)
                .forEach(name -> text.append(name.length()).append(':').append(name));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, @Nullable Object value) {
        String said = String.valueOf(value);
        text.append(what)
                .append('=')
                .append(said.length())
                .append(':')
                .append(said)
                .append('\n');
    }
}
