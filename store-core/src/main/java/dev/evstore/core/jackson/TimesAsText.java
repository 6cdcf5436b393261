package dev.evstore.core.jackson;

import dev.evstore.core.codec.PayloadException;
import java.time.Year;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.type.LogicalType;

/** Times are text: a number for one has no unit, and the library makes something of each, 1E400 included. */
final class TimesAsText extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> reader) {
        boolean time = reader.logicalType() == LogicalType.DateTime && bean.getBeanClass() != Year.class;
        return time ? new TextOnly(reader) : reader;
    }

    /** Nor is a number in quotes a time, or nothing. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]*");

    private static final class TextOnly extends DelegatingDeserializer {

        TextOnly(ValueDeserializer<?> reader) {
            super(reader);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> reader) {
            return new TextOnly(reader);
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_STRING
                    || NUMBER.matcher(in.getString()).matches()) {
                throw new PayloadException("not a time as ISO text");
            }
            return super.deserialize(in, context);
        }
    }
}
