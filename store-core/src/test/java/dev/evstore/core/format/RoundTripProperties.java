package dev.evstore.core.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** decode(encode(x)) = x, for everything the format can say. */
class RoundTripProperties {

    @Property(tries = 500)
    void decodingAnEncodedDraftGivesTheDraft(@ForAll long seed) { // V5
        Draft draft = new Drafts(new Random(seed)).draft();

        Transaction encoded = TransactionEncoder.encode(draft);
        Transaction decoded = EventFiles.read(encoded.bytes()).only();

        assertEquals(draft, Drafts.of(decoded));
        assertEquals(encoded.header(), decoded.header());
        assertArrayEquals(encoded.bytes(), decoded.bytes());
        assertEquals(encoded.lines(), decoded.lines());
        assertArrayEquals(
                encoded.bytes(), TransactionEncoder.encode(Drafts.of(decoded)).bytes());
    }

    @Property(tries = 200)
    void theLinesAreTheBytes(@ForAll long seed) {
        Transaction transaction = TransactionEncoder.encode(new Drafts(new Random(seed)).draft());
        List<String> lines =
                new String(transaction.bytes(), StandardCharsets.UTF_8).lines().toList();

        for (int i = 0; i < transaction.lines().size(); i++) {
            String line = new String(transaction.line(i), StandardCharsets.UTF_8);
            assertEquals(lines.get(i + 1), line);
            EventLine said = EventLine.parse(transaction.line(i));
            assertEquals(
                    EventLine.leaf(said.stream(), said.type(), Sha256.hash(transaction.line(i))),
                    transaction.lines().get(i).leaf());
        }
        assertEquals(
                lines.get(lines.size() - 1),
                "{\"sha256\":\"" + transaction.header().trailer() + "\"}");
    }

    @Property(tries = 300)
    void aMergeIsTheSameHoweverItsResolutionIsWritten(@ForAll long seed) { // M1, M2
        Random random = new Random(seed);
        Drafts drafts = new Drafts(random);
        Merges.Case one = Merges.random(random, drafts);

        Transaction merge = TransactionEncoder.encodeMerge(one.heads(), one.trailers(), one.events());

        assertEquals(merge, EventFiles.read(merge.bytes()).only());
        List<Draft.Event> otherwise = one.events().stream()
                .map(e -> new Draft.Event(e.stream(), spaced(e.event()), null))
                .toList();
        assertEquals(merge, TransactionEncoder.encodeMerge(one.heads(), new TreeMap<>(one.trailers()), otherwise));
    }

    private static NewEvent spaced(NewEvent event) {
        String meta = event.meta();
        return new NewEvent(
                event.type(),
                " \t" + event.data() + "\r\n",
                meta == null ? "{ }" : meta,
                event.tags(),
                event.redactable());
    }
}
