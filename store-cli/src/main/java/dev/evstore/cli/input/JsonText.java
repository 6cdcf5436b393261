package dev.evstore.cli.input;

import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Makes JSON text of parts. */
public final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /**
     * @param members decoded keys and the text of their values, which is taken as it is
     */
    public static String object(Map<String, String> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.forEach((key, value) -> json.writeName(key).writeRawValue(value));
            json.writeEndObject();
        }
        return text.toString();
    }

    /** A JSON array of strings. */
    public static String strings(Collection<String> values) {
        return values.stream().map(JsonText::string).collect(Collectors.joining(",", "[", "]"));
    }

    /** A JSON string that says {@code value}. */
    public static String string(String value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeString(value);
        }
        return text.toString();
    }
}
