package dev.evstore.core.jackson;

import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import java.util.Locale;
import java.util.TimeZone;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.type.LogicalType;

/**
 * Payloads of records and other classes that Jackson binds.
 *
 * <p>Written: properties by name, of records their components; maps by key and sets by element, in the order of UTF-8
 * bytes, whatever order the collection has; instants and other times as ISO text; enums by {@code name()}; integers as
 * numbers; {@code double} and {@code float} as numbers, finite only; {@code BigDecimal} as a string, since a merge
 * transaction keeps of a number with a point no more than binary64 (rule M1).
 *
 * <p>Read: what is written, and a decimal given as a number, too. Nothing is coerced: no string for a number, no number
 * for a time, no 1.5 for an integer, no number beyond a {@code double}, no unknown enum. A property that the class lacks
 * is passed over; one that is missing is null, or empty if an {@code Optional}, and refused if a primitive. A payload
 * never names a class: of the types of a sealed one it can say which by Jackson's annotations with names.
 */
public final class JacksonPayloads implements Payloads {

    /** Nesting of JSON, read or written; events have less (rule V1). */
    static final int DEPTH = 64;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    // Not the JDK's printing of numbers, which changed with its version 19.
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build())
            .addModule(new Numbers().setDeserializerModifier(new TimesAsText()))
            .addModule(new Sorted())
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .withCoercionConfig(LogicalType.Textual, text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .withCoercionConfigDefaults(any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            // Class names in payloads are refused, even where a class of the application asks for them.
            .polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().build())
            .defaultLocale(Locale.ROOT)
            .defaultTimeZone(TimeZone.getTimeZone("UTC"))
            .build();

    @Override
    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (RuntimeException e) {
            throw flaw("a value of " + value.getClass().getName() + " can't be written", e);
        }
    }

    @Override
    public <T> T read(String json, Class<T> type) {
        T value;
        try {
            value = mapper.readValue(json, type);
        } catch (RuntimeException e) {
            throw flaw("it says no " + type.getName(), e);
        }
        if (value == null) {
            throw new PayloadException("it is null, not a " + type.getName());
        }
        return value;
    }

    /** What the library says quotes values and keys (rule R7); what is kept of it: the place, the class, the stack. */
    private static PayloadException flaw(String what, RuntimeException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof PayloadException ours) {
                return new PayloadException(what + at(thrown) + ": " + ours.getMessage());
            }
        }
        Throwable cause = thrown.getCause();
        if (thrown instanceof ValueInstantiationException refused && cause != null) {
            return PayloadException.withheld(
                    what + at(thrown) + ": " + refused.getType().getRawClass().getName() + " refused", cause);
        }
        if (thrown instanceof StreamConstraintsException) {
            return PayloadException.withheld(what + at(thrown) + ": nested too deep, or a number too long", thrown);
        }
        if (thrown instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return PayloadException.withheld(
                    what + at(thrown) + ": not a " + mismatch.getTargetType().getName(), thrown);
        }
        return PayloadException.withheld(what + at(thrown), thrown);
    }

    private static String at(RuntimeException thrown) {
        TokenStreamLocation location = thrown instanceof JacksonException jackson ? jackson.getLocation() : null;
        return location == null || location.getCharOffset() < 0 ? "" : ", at character " + location.getCharOffset();
    }
}
