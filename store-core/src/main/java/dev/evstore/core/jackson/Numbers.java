package dev.evstore.core.jackson;

import dev.evstore.core.codec.PayloadException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** Decimals that keep their digits, binary numbers that are finite. */
final class Numbers extends SimpleModule {

    private static final long serialVersionUID = 1L;

    /** Digits of a decimal, and the places its point is moved by: arithmetic on any two stays small. */
    static final int MOST_DIGITS = 1_000;

    Numbers() {
        super("numbers");
        addSerializer(
                BigDecimal.class,
                writing((value, out) -> out.writeString(inRange(value).toString())));
        addDeserializer(BigDecimal.class, reading(BigDecimal.class, Numbers::decimal));

        ValueSerializer<Double> writeDouble = writing((value, out) -> out.writeNumber(finite(value)));
        ValueDeserializer<Double> readDouble = reading(Double.class, Numbers::real);
        addSerializer(Double.class, writeDouble).addSerializer(Double.TYPE, writeDouble);
        addDeserializer(Double.class, readDouble).addDeserializer(Double.TYPE, readDouble);
        addSerializer(double[].class, writing(Numbers::writeAll));
        addDeserializer(double[].class, reading(double[].class, Numbers::readAll));

        ValueSerializer<Float> writeFloat = writing((value, out) -> out.writeNumber((float) finite(value)));
        ValueDeserializer<Float> readFloat = reading(Float.class, Numbers::shortReal);
        addSerializer(Float.class, writeFloat).addSerializer(Float.TYPE, writeFloat);
        addDeserializer(Float.class, readFloat).addDeserializer(Float.TYPE, readFloat);
    }

    private static BigDecimal decimal(JsonParser in) {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
            throw new PayloadException("not a decimal");
        }
        String text = in.getString();
        if (text.length() > 2 * MOST_DIGITS) {
            throw outOfRange();
        }
        try {
            return inRange(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw PayloadException.withheld("not a decimal", e);
        }
    }

    private static BigDecimal inRange(BigDecimal value) {
        if (value.precision() > MOST_DIGITS || Math.abs((long) value.scale()) > MOST_DIGITS) {
            throw outOfRange();
        }
        return value;
    }

    private static PayloadException outOfRange() {
        return new PayloadException("a decimal has at most " + MOST_DIGITS + " digits before and after the point");
    }

    private static double real(JsonParser in) {
        return finite(number(in).getDoubleValue());
    }

    private static float shortReal(JsonParser in) {
        return (float) finite(number(in).getFloatValue());
    }

    private static JsonParser number(JsonParser in) {
        if (!in.currentToken().isNumeric()) {
            throw new PayloadException("not a number");
        }
        return in;
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new PayloadException("a number that is not finite as binary64 or binary32");
        }
        return value;
    }

    private static void writeAll(double[] values, JsonGenerator out) {
        out.writeStartArray();
        for (double value : values) {
            out.writeNumber(finite(value));
        }
        out.writeEndArray();
    }

    private static double[] readAll(JsonParser in) {
        if (!in.isExpectedStartArrayToken()) {
            throw new PayloadException("not an array of numbers");
        }
        List<Double> all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(real(in));
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static <T> ValueSerializer<T> writing(BiConsumer<T, JsonGenerator> how) {
        return new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                how.accept(value, out);
            }
        };
    }

    private interface Reading<T> {
        T from(JsonParser in);
    }

    private static <T> ValueDeserializer<T> reading(Class<T> type, Reading<T> how) {
        return new ValueDeserializer<>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                return how.from(in);
            }

            @Override
            public Class<?> handledType() {
                return type;
            }
        };
    }
}
