package dev.evstore.core.format;

import static dev.evstore.core.format.EventFiles.ID;
import static dev.evstore.core.format.EventFiles.LATER;
import static dev.evstore.core.format.EventFiles.LATEST;
import static dev.evstore.core.format.EventFiles.event;
import static dev.evstore.core.format.EventFiles.header;
import static dev.evstore.core.format.EventFiles.join;
import static dev.evstore.core.format.EventFiles.read;
import static dev.evstore.core.format.EventFiles.sealed;
import static dev.evstore.core.format.EventFiles.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.TransactionId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rule V2: what is wrong with a file, said once, and what counts all the same. */
class FileFlawsTest {

    private static final byte[] ONE = sealed(header(ID), event("1"));
    private static final byte[] TWO = sealed(header(LATER), event("2"));
    private static final byte[] THREE = sealed(header(LATEST), event("3"));

    private static void told(String why, long line, List<String> counting, byte[]... file) {
        EventFiles.Told told = read(join(file));
        assertTrue(told.flaw().contains(why), told.flaw());
        assertEquals(List.of(line), told.lines());
        assertEquals(counting, told.ids().stream().map(TransactionId::toString).toList());
    }

    private static byte[] edited(byte[] file, String what, String with) {
        String text = new String(file, StandardCharsets.UTF_8);
        assertTrue(text.contains(what));
        return utf8(text.replaceFirst(Pattern.quote(what), with));
    }

    @Test
    void anEmptyFile() {
        told("an empty file", 1, List.of());
    }

    @Test
    void aMissingLastLineEndAndTheTransactionCounts() {
        byte[] cut = Arrays.copyOf(TWO, TWO.length - 1);
        told("no line end", 6, List.of(ID, LATER), ONE, cut);
        assertEquals(
                TransactionId.of(LATER),
                read(cut).transactions().get(0).header().id());
        assertTrue(Arrays.equals(TWO, read(cut).transactions().get(0).bytes()));
    }

    @Test
    void T26_aTornFileIsOneFlaw() { // T26
        for (int length = 1; length < TWO.length - 1; length++) {
            EventFiles.Told told = read(join(ONE, Arrays.copyOf(TWO, length)));
            told.flaw();
            assertEquals(List.of(TransactionId.of(ID)), told.ids());
        }
    }

    @Test
    void readingGoesOnAfterATransactionThatFails() {
        told("trailer", 6, List.of(ID, LATEST), ONE, edited(TWO, "\"data\":2", "\"data\":7"), THREE);
        told("trailer", 6, List.of(ID, LATEST), ONE, edited(TWO, "\"seq\":1", "\"seq\":2"), THREE); // T25
        told("header, tx is missing", 4, List.of(ID, LATEST), ONE, edited(TWO, "\"tx\"", "\"xt\""), THREE);
    }

    @Test
    void aHeaderWithinACutTransactionBeginsAnother() {
        byte[] headOnly = utf8(header(ID, "", "\"a\":{\"heads\":[]}", 4096) + "\n");
        told("another header", 2, List.of(LATER), headOnly, TWO);
        told("another header", 3, List.of(LATER), headOnly, utf8(event("9") + "\n"), TWO);
        told("trailer", 3, List.of(LATER), utf8(header(ID) + "\n" + event("9") + "\n" + event("9") + "\n"), TWO);
    }

    @Test
    void aRunOfLinesOutsideATransactionIsOneFlaw() {
        told("outside a transaction", 4, List.of(ID, LATER), ONE, utf8("\n" + event("1") + "\nx\n"), TWO);
    }

    @Test
    void idsOutOfOrder() {
        told("do not ascend", 4, List.of(LATER, ID), TWO, ONE);
    }

    @Test
    void aTransactionTwice() {
        told("twice", 4, List.of(ID, ID), ONE, ONE);
    }

    @Test
    void aByteOrderMark() {
        told("byte order mark", 1, List.of(LATER), new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, ONE, TWO);
    }

    @Test
    void T24_convertedLineEndsAreOneFlawThatSaysHowToMendThem() { // T24
        String file = new String(join(ONE, TWO, THREE), StandardCharsets.UTF_8);
        told("converted line ends", 1, List.of(), utf8(file.replace("\n", "\r\n")));
    }

    @Test
    void T26_conflictMarkersAreOneFlawAndWhatIsWholeCounts() { // T26
        told(
                "git conflict markers",
                1,
                List.of(ID, LATER, LATEST),
                utf8("<<<<<<< HEAD\n"),
                ONE,
                utf8("=======\n"),
                TWO,
                utf8(">>>>>>> other\n"),
                THREE);
    }

    @Test
    void T26_aGitLfsPointerIsNamed() { // T26
        told(
                "git LFS pointer",
                1,
                List.of(),
                utf8("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"));
    }

    @Test
    void T26_aFileThatIsNotUtf8() { // T26
        told(
                "not UTF-8: byte e9",
                5,
                List.of(ID, LATEST),
                ONE,
                latin1(edited(TWO, "\"data\":2", "\"data\":\"é\"")),
                THREE);
        told("UTF-16", 1, List.of(), new String(ONE, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16));
        told("zero bytes", 4, List.of(ID), ONE, new byte[4096]);
    }

    private static byte[] latin1(byte[] file) {
        return new String(file, StandardCharsets.UTF_8).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void versionsThatAreNone() { // V3
        for (String v : List.of("0", "-1", "1.0", "\"1\"", "null", "01", "1000000000000000000")) {
            byte[] file = sealed(header(ID).replace("{\"v\":1", "{\"v\":" + v), event("1"));
            EventFiles.Told told = read(file);
            assertEquals(List.of(), told.transactions());
            told.flaw();
        }
        Transaction far = read(sealed(header(ID).replace("{\"v\":1", "{\"v\":999999999999999999"), event("1")))
                .only();
        assertTrue(far.header().isNewer());
    }

    @Test
    void everyRuleOfTheHeader() { // V1, I2
        String plain = header(ID);
        String a = "\"a\":{\"heads\":[]}";
        Stream.of(
                        plain.replace("-7000-", "-4000-"),
                        plain.replace("-7000-", "-8000-"),
                        plain.replace("01936f2a", "01936F2A"),
                        plain.replace("-8000-0000", "-c000-0000"),
                        plain.replace("7b1f0c1e", "7B1F0C1E"),
                        plain.replace("\"seq\":1", "\"seq\":0"),
                        plain.replace("\"seq\":1", "\"seq\":1.0"),
                        plain.replace("2026-11-20T06:00:00.123Z", "2026-11-20T06:00:00Z"),
                        plain.replace("2026-11-20T06:00:00.123Z", "2026-11-20T06:00:00.123z"),
                        plain.replace("\"seq\":1,", ""),
                        plain.replace("\"parents\":{},", ""),
                        plain.replace("\"parents\":{}", "\"parents\":[]"),
                        plain.replace("\"parents\":{}", "\"parents\":{\"" + LATER + "\":\"" + EventFiles.HALF + "\"}"),
                        plain.replace("\"parents\":{}", "\"parents\":{\"" + ID + "\":\"" + EventFiles.HALF + "\"}"),
                        plain.replace("\"parents\":{}", "\"parents\":{\"" + EventFiles.BEFORE + "\":\"ABCD\"}"),
                        plain.replace("\"heads\":[]", "\"heads\":[\"" + LATER + "\"]"),
                        plain.replace(
                                "\"heads\":[]",
                                "\"heads\":[\"" + EventFiles.BEFORE + "\",\"" + EventFiles.BEFORE_TOO + "\"]"),
                        plain.replace("\"heads\":[]", "\"heads\":[],\"x\":1"),
                        plain.replace("\"heads\":[]", "\"heads\":null"),
                        plain.replace("\"heads\":[]", "\"heads\":[],\"free\":true"),
                        plain.replace("\"heads\":[]", "\"free\":false"),
                        plain.replace("\"heads\":[]", ""),
                        header(ID, "", "", 0),
                        header(ID, "", "\"b\":{\"heads\":[]}", 1),
                        header(ID, "", a + ",\"b\":{\"heads\":[]}", 1),
                        header(ID, "", "\"b\":{\"heads\":[]}," + a, 1),
                        header(ID, ",\"reads\":{" + a + "}", a, 1),
                        header(ID, ",\"reads\":{\"b\":{\"free\":true}}", a, 1),
                        header(ID, ",\"reads\":{\"b\":{\"heads\":[\"" + LATER + "\"]}}", a, 1),
                        header(ID, ",\"meta\":[]", a, 1),
                        header(ID, ",\"command\":7", a, 1),
                        header(ID, ",\"tags\":[]", a, 1),
                        header(ID, ",\"sha256\":\"\"", a, 1),
                        header(ID, ",\"x\":1,\"x\":1", a, 1))
                .forEach(header -> {
                    assertEquals(List.of(), read(sealed(header, event("1"))).transactions(), header);
                    read(sealed(header, event("1"))).flaw();
                });
        read(sealed(header(ID, ",\"x\":1,\"free\":2", a, 1), event("1"))).only();
    }

    @Test
    void everyRuleOfAnEventLine() { // V1
        Stream.of(
                        "{\"stream\":\"b\",\"type\":\"T\",\"data\":1}",
                        "{\"stream\":\"a\",\"data\":1,\"type\":\"T\"}",
                        "{\"stream\":\"a\",\"type\":\"T\"}",
                        "{\"stream\":\"a\",\"data\":1}",
                        "{\"type\":\"T\",\"stream\":\"a\",\"data\":1}",
                        "{\"stream\":\"a\",\"type\":\"T\",\"meta\":{},\"data\":1}",
                        "{\"stream\":\"a\",\"type\":7,\"data\":1}",
                        event("1,\"meta\":[]"),
                        event("1,\"meta\":null"),
                        event("1,\"tags\":\"t\""),
                        event("1,\"tags\":[1]"),
                        event("1,\"salt\":\"short\""),
                        event("1,\"salt\":\"012345678901234567890=\""),
                        event("1,\"sha256\":1"),
                        event("1,\"tx\":1"),
                        event("1,\"redacted\":\"" + "ab".repeat(32) + "\""),
                        "{\"stream\":\"a\",\"type\":\"T\",\"redacted\":\"" + "AB".repeat(32) + "\"}",
                        "{\"stream\":\"a\",\"type\":\"T\",\"redacted\":\"" + "ab".repeat(31) + "\"}",
                        "{\"stream\":\"a\",\"type\":\"T\",\"redacted\":\"" + "ab".repeat(32) + "\",\"x\":1}",
                        "{\"stream\":\"a\",\"type\":\"T\",\"redacted\":7}",
                        "{\"stream\":\"a\",\"redacted\":\"" + "ab".repeat(32) + "\",\"type\":\"T\"}")
                .forEach(line -> {
                    assertEquals(List.of(), read(sealed(header(ID), line)).transactions(), line);
                    read(sealed(header(ID), line)).flaw();
                });
        read(sealed(header(ID), event("1,\"x\":1,\"salt\":\"0123456789012345678901\",\"tags\":[],\"meta\":{}")))
                .only();
    }

    @Test
    void trailersAreExact() {
        String file = new String(ONE, StandardCharsets.UTF_8);
        String trailer = file.substring(file.indexOf("{\"sha256\":\"") + 11, file.length() - 3);
        for (String other : List.of(trailer.toUpperCase(Locale.ROOT), trailer.substring(1), trailer + "\",\"x\":\"")) {
            EventFiles.Told told = read(file.replace(trailer, other));
            assertEquals(List.of(), told.transactions());
            assertTrue(told.flaw().startsWith("trailer"), told.flaw());
        }
    }
}
