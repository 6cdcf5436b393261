package dev.evstore.cli.declared;

import dev.evstore.cli.input.JsonText;
import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Rows of declared projections as JSON objects and back. Thread-safe. */
final class RowPayloads implements Payloads {

    @Override
    public String write(Object value) {
        if (!(value instanceof RowState row)) {
            throw new PayloadException("only rows of declared projections can be written, not " + value.getClass());
        }
        Map<String, String> members = new LinkedHashMap<>();
        row.cells().forEach((field, cell) -> members.put(field, cell.json()));
        return JsonText.object(members);
    }

    @Override
    public <T> T read(String json, Class<T> type) {
        if (type != RowState.class) {
            throw new PayloadException("only rows of declared projections can be read, not " + type);
        }
        Map<String, Cell> cells = new LinkedHashMap<>();
        try (JsonParser parser = Values.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PayloadException("a row is no object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                cells.put(field, Cell.of(Values.copy(parser)));
            }
        } catch (JacksonException e) {
            throw PayloadException.withheld("a row is no JSON", e);
        }
        return type.cast(RowState.of(cells));
    }
}
