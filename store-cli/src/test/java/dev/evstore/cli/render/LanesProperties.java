package dev.evstore.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Headers;
import dev.evstore.testkit.Histories;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LanesProperties {

    @Provide
    Arbitrary<List<TransactionHeader>> honest() {
        return Histories.honest();
    }

    @Provide
    Arbitrary<List<TransactionHeader>> hostile() {
        return Histories.hostile();
    }

    /** Draws a history, the last transaction first. */
    private static List<Lanes.Drawn> draw(List<TransactionHeader> lastFirst) {
        Lanes lanes = new Lanes();
        List<Lanes.Drawn> drawn = new ArrayList<>();
        lastFirst.forEach(t -> drawn.add(lanes.next(t.id(), t.parents().keySet(), t.isMerge())));
        return drawn;
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void theHeadsAreThoseOfTheStoreAndEveryLineHasOneSign(@ForAll("hostile") List<TransactionHeader> copies) {
        History history = History.of(copies);
        List<TransactionHeader> lastFirst =
                new ArrayList<>(history.transactions().values());
        Collections.reverse(lastFirst);
        List<Lanes.Drawn> drawn = draw(lastFirst);
        Set<TransactionId> heads = new HashSet<>();
        for (int k = 0; k < drawn.size(); k++) {
            if (drawn.get(k).head()) {
                heads.add(lastFirst.get(k).id());
            }
            assertEquals(
                    1,
                    drawn.get(k)
                            .node()
                            .chars()
                            .filter(c -> c == '*' || c == '◆')
                            .count(),
                    drawn.get(k)::node);
        }
        assertEquals(Set.copyOf(history.storeHeads()), heads);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyLaneLeadsToItsParentSoNoneIsOpenBelowTheLastLine(@ForAll("honest") List<TransactionHeader> history) {
        List<TransactionHeader> lastFirst = new ArrayList<>(history);
        Collections.reverse(lastFirst);
        List<Lanes.Drawn> drawn = draw(lastFirst);
        if (!drawn.isEmpty()) {
            Lanes.Drawn last = drawn.get(drawn.size() - 1);
            assertTrue(last.node().strip().matches("[*◆]"), last::toString);
            assertEquals("", last.after());
        }
    }

    @Example
    void manyHeadsAreCutAtTheRight() {
        List<TransactionHeader> apart = new ArrayList<>();
        for (int k = 40; k > 0; k--) {
            apart.add(Headers.at(k).parents(Headers.at(0).build()).free("a").build());
        }
        apart.add(Headers.at(0).build());
        List<Lanes.Drawn> drawn = draw(apart);
        assertTrue(drawn.get(39).node().endsWith("│ … * "), drawn.get(39)::node);
        assertEquals(48, drawn.get(40).before().length());
        assertTrue(drawn.get(40).before().startsWith("├─┴─┴"), drawn.get(40)::before);
        assertEquals("* ", drawn.get(40).node());
    }
}
