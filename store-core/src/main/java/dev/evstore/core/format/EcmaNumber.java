package dev.evstore.core.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints a binary64 as ECMAScript does: ECMA-262, Number::toString with radix 10. The digits are the shortest that
 * read back as the same number, of those the closest to it, of two as close the even one.
 *
 * <p>By exact arithmetic, not by {@link Double#toString}: before JDK 19 that prints 2e23 as
 * {@code 1.9999999999999998E23}, so two replicas would write different bytes.
 */
final class EcmaNumber {

    /** Digits that always suffice for a binary64. */
    private static final int MOST_DIGITS = 17;

    private EcmaNumber() {}

    /**
     * @param value a finite number
     */
    static String print(double value) {
        if (value == 0) {
            return "0";
        }
        String sign = value < 0 ? "-" : "";
        BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        return sign + layout(digits, digits.length() - shortest.scale());
    }

    /** Steps 6 to 13 of Number::toString: the number is 0.digits × 10^point. */
    private static String layout(String digits, int point) {
        int count = digits.length();
        if (count <= point && point <= 21) {
            return digits + "0".repeat(point - count);
        }
        if (0 < point && point <= 21) {
            return digits.substring(0, point) + "." + digits.substring(point);
        }
        if (-6 < point && point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        int exponent = point - 1;
        String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return mantissa + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal half = new BigDecimal(Math.ulp(value)).divide(BigDecimal.valueOf(2));
        long bits = Double.doubleToLongBits(value);
        boolean even = (bits & 1) == 0;
        // Below a power of two the neighbour is only half as far away, but where numbers are subnormal.
        boolean power = (bits & (1L << 52) - 1) == 0 && bits >>> 52 > 1;
        BigDecimal low = exact.subtract(power ? half.divide(BigDecimal.valueOf(2)) : half);
        BigDecimal high = exact.add(half);
        for (int count = 1; count < MOST_DIGITS; count++) {
            BigDecimal down = exact.round(new MathContext(count, RoundingMode.DOWN));
            BigDecimal up = down.add(down.ulp());
            boolean downReads = reads(down, low, high, even);
            boolean upReads = reads(up, low, high, even);
            if (downReads && upReads) {
                return exact.round(new MathContext(count, RoundingMode.HALF_EVEN));
            }
            if (downReads || upReads) {
                return downReads ? down : up;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }

    /** Whether a decimal within these halfway points reads as the number: on a point itself if that rounds to even. */
    private static boolean reads(BigDecimal decimal, BigDecimal low, BigDecimal high, boolean even) {
        int least = even ? 0 : 1;
        return decimal.compareTo(low) >= least && high.compareTo(decimal) >= least;
    }
}
