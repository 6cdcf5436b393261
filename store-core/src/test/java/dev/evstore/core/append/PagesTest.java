package dev.evstore.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {

    private final List<String> asked = new ArrayList<>();

    /** The numbers after one, up to 9, a page of two; of the pages only the even numbers are kept that pass. */
    private Pages<Integer, Integer> evenNumbers(long limit) {
        return new Pages<>(null, limit, (after, most) -> {
            int from = after == null ? 1 : after + 1;
            asked.add(from + "/" + most);
            List<Integer> page = from % 4 == 1 ? List.of() : List.of(from + 1);
            return new Pages.Page<>(page, from + 1 >= 9 ? null : from + 1);
        });
    }

    @Test
    void aPageThatHoldsNothingIsNotTheEnd() {
        List<Integer> all = new ArrayList<>();
        evenNumbers(Long.MAX_VALUE).forEach(all::add);
        assertEquals(List.of(4, 8), all);
        assertEquals(List.of("1/1000", "3/1000", "5/1000", "7/1000", "9/1000"), asked);
    }

    @Test
    void noPageIsReadBeforeItIsWantedNorBehindTheLimit() {
        Iterator<Integer> some = evenNumbers(1).iterator();
        assertEquals(List.of(), asked);
        assertTrue(some.hasNext());
        assertEquals(4, some.next());
        assertFalse(some.hasNext());
        assertEquals(List.of("1/1", "3/1"), asked);
    }
}
