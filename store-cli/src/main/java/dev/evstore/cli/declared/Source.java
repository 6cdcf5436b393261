package dev.evstore.cli.declared;

import dev.evstore.cli.input.JsonText;
import dev.evstore.core.event.Origin;
import dev.evstore.core.projection.ProjectedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of an event a rule or a key takes. */
sealed interface Source {

    /** The words that stand for something beside the payload; a pointer into the payload begins with {@code /}. */
    List<String> WORDS = List.of("data", "stream", "type", "at", "id");

    /** Its JSON text, or null if this event does not have it. */
    @Nullable
    String json(ProjectedEvent event);

    /** It as a row's key: a text as it is, a number or truth value as it is written; null for anything else. */
    default @Nullable String key(ProjectedEvent event) {
        String json = json(event);
        return json == null ? null : Values.key(json);
    }

    /** As it is declared, told from whatever stands around it. */
    String text();

    /**
     * @throws IllegalArgumentException it is neither a word nor a pointer
     */
    static Source of(String text) {
        if (text.startsWith("/")) {
            return new InPayload(Pointer.of(text));
        }
        if (WORDS.contains(text)) {
            return new Beside(text);
        }
        throw new IllegalArgumentException("is a pointer into the payload, as /item/id, or one of " + WORDS);
    }

    /** A place in the payload. */
    record InPayload(Pointer pointer) implements Source {
        @Override
        public @Nullable String json(ProjectedEvent event) {
            return pointer.in(event.data());
        }

        @Override
        public String text() {
            return JsonText.string(pointer.text());
        }
    }

    /** The payload itself, or what stands beside it. */
    record Beside(String text) implements Source {
        @Override
        public @Nullable String json(ProjectedEvent event) {
            return switch (text) {
                case "data" -> Pointer.WHOLE.in(event.data());
                case "stream" -> JsonText.string(event.stream().value());
                case "type" -> JsonText.string(event.type().value());
                case "id" -> JsonText.string(event.id().toString());
                default -> at(event.origin());
            };
        }

        private static @Nullable String at(@Nullable Origin origin) {
            return origin == null ? null : JsonText.string(origin.at());
        }
    }
}
