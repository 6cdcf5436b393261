package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Numbers of merge transactions (rule M1). What is expected was printed by an ECMAScript engine. */
class EcmaNumberTest {

    /** As they are written, and as they are printed. */
    static final SortedMap<String, String> HARD = new TreeMap<>(Map.ofEntries(
            Map.entry("0.0", "0"),
            Map.entry("-0.0", "0"),
            Map.entry("1.0", "1"),
            Map.entry("-1.5e0", "-1.5"),
            Map.entry("100.00", "100"),
            Map.entry("1e20", "100000000000000000000"),
            Map.entry("1e21", "1e+21"),
            Map.entry("-1.25e21", "-1.25e+21"),
            Map.entry("1.0E-6", "0.000001"),
            Map.entry("0.0000001", "1e-7"),
            Map.entry("1.5e-7", "1.5e-7"),
            Map.entry("5e-324", "5e-324"),
            Map.entry("4.9E-324", "5e-324"),
            Map.entry("3e-324", "5e-324"),
            Map.entry("1e-324", "0"),
            Map.entry("2E-323", "2e-323"),
            Map.entry("2.2250738585072014E-308", "2.2250738585072014e-308"),
            Map.entry("2.2250738585072011e-308", "2.225073858507201e-308"),
            Map.entry("1.7976931348623157e308", "1.7976931348623157e+308"),
            Map.entry("9007199254740993.0", "9007199254740992"),
            Map.entry("21098088986959632.0", "21098088986959630"),
            Map.entry("0.30000000000000004", "0.30000000000000004"),
            Map.entry("2.0E-3", "0.002"),
            Map.entry("1e22", "1e+22"),
            Map.entry("1e23", "1e+23"),
            Map.entry("2e23", "2e+23"),
            Map.entry("8.41E21", "8.41e+21"),
            Map.entry("5.684341886080802E-14", "5.684341886080802e-14"),
            Map.entry("5.9604644775390625E-8", "5.960464477539063e-8"),
            Map.entry("2.98023223876953125E-8", "2.9802322387695312e-8")));

    @Test
    void T60_hardNumbersAreWrittenAsEcmaScriptPrintsThem() { // T60
        HARD.forEach((written, printed) -> {
            ByteWriter out = new ByteWriter();
            JsonText.write(written, out, true);
            assertEquals(printed, new String(out.bytes(), 0, out.size(), StandardCharsets.US_ASCII));
        });
    }

    @Test
    void T60_someOfThemThePlatformPrintsInAnotherWay() { // T60
        for (String hard : new String[] {"1e21", "5e-324", "1e23", "5.684341886080802E-14"}) {
            double value = Double.parseDouble(hard);
            assertNotEquals(Double.toString(value), EcmaNumber.print(value));
        }
    }

    @Property(tries = 300)
    void whatIsPrintedReadsAsTheSameNumber(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        Assume.that(Double.isFinite(value) && value != 0);

        assertEquals(value, Double.parseDouble(EcmaNumber.print(value)));
    }

    @Property(tries = 300)
    void noShorterDecimalReadsAsTheSameNumber(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        Assume.that(Double.isFinite(value) && value != 0);
        String digits = EcmaNumber.print(Math.abs(value))
                .replaceAll("e.*", "")
                .replace(".", "")
                .replaceAll("^0+|0+$", "");

        if (digits.length() > 1) {
            BigDecimal exact = new BigDecimal(Math.abs(value));
            var down = exact.round(new MathContext(digits.length() - 1, RoundingMode.DOWN));
            assertNotEquals(Math.abs(value), Double.parseDouble(down.toString()));
            assertNotEquals(
                    Math.abs(value), Double.parseDouble(down.add(down.ulp()).toString()));
        }
    }
}
