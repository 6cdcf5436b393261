package dev.evstore.core.jackson;

import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.id.Names;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Maps by key and sets by element, in the order of the UTF-8 bytes of what is written: the order of a hash table depends
 * on what was in it before, and that of a sorted set on a comparator that is not written with it (rule S10, T83).
 */
final class Sorted extends SimpleModule {

    private static final long serialVersionUID = 1L;

    /** The attribute that tells how deep the text is that a part is written apart for. */
    private static final Object DEPTH = new Object();

    Sorted() {
        super("sorted");
        addSerializer(Map.class, new Maps());
        addSerializer(Set.class, new Sets());
    }

    @SuppressWarnings("rawtypes") // as the library finds serializers by class
    private static final class Maps extends ValueSerializer<Map> {

        private record Member(String key, String value) {}

        @Override
        public void serialize(Map map, JsonGenerator out, SerializationContext context) {
            List<Member> members = new ArrayList<>(map.size());
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                members.add(new Member(name(entry.getKey(), context), text(entry.getValue(), out, context)));
            }
            members.sort(Comparator.comparing(Member::key, Names::compareUtf8));
            out.writeStartObject(map);
            String before = null;
            for (Member member : members) {
                if (member.key().equals(before)) {
                    throw new PayloadException("two keys of a map are the same as text");
                }
                out.writeName(member.key()).writeRawValue(member.value());
                before = member.key();
            }
            out.writeEndObject();
        }

        private static String name(@Nullable Object key, SerializationContext context) {
            if (key == null) {
                throw new PayloadException("a key of a map is null");
            }
            try (TokenBuffer name = TokenBuffer.forGeneration()) {
                name.writeStartObject();
                context.findKeySerializer(key.getClass(), null).serialize(key, name, context);
                try (JsonParser tokens = name.asParser()) {
                    tokens.nextToken();
                    tokens.nextToken();
                    return tokens.currentName();
                }
            }
        }

        @Override
        public boolean isEmpty(SerializationContext context, Map map) {
            return map.isEmpty();
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class Sets extends ValueSerializer<Set> {

        @Override
        public void serialize(Set set, JsonGenerator out, SerializationContext context) {
            List<String> elements = new ArrayList<>(set.size());
            for (Object element : set) {
                elements.add(text(element, out, context));
            }
            elements.sort(Names::compareUtf8);
            out.writeStartArray(set);
            elements.forEach(out::writeRawValue);
            out.writeEndArray();
        }

        @Override
        public boolean isEmpty(SerializationContext context, Set set) {
            return set.isEmpty();
        }
    }

    /** A part's own text. */
    private static String text(@Nullable Object part, JsonGenerator out, SerializationContext context) {
        Object before = context.getAttribute(DEPTH);
        int depth =
                (before == null ? 0 : (int) before) + out.streamWriteContext().getNestingDepth() + 1;
        if (depth > JacksonPayloads.DEPTH) {
            throw new PayloadException("nested too deep"); // or in itself
        }
        StringWriter text = new StringWriter();
        context.setAttribute(DEPTH, depth);
        try (JsonGenerator apart = context.tokenStreamFactory().createGenerator(context, text)) {
            context.writeValue(apart, part);
        } finally {
            context.setAttribute(DEPTH, before);
        }
        return text.toString();
    }
}
