package dev.evstore.testkit;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.codec.PayloadException;
import dev.evstore.core.codec.Payloads;
import dev.evstore.core.decide.Decider;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RedactedEvent;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A decider that counts: its state is everything it was shown, in order, so that any event more, less or elsewhere makes
 * another state. Its command counts on from its sum, one event for each number, up to a limit.
 */
class Tally implements Decider<Tally.Count, Tally.Counted, List<String>> {

    /** Something was counted. */
    record Counted(long n) {}

    /**
     * @param times how many events
     * @param most the command is refused once the state has more than this
     */
    record Count(int times, int most) {}

    static final EventCodec<Counted> CODEC = EventCodec.of(Counted.class, new Plain())
            .type("Counted", Counted.class)
            .build();

    static NewEvent event(long n) {
        return CODEC.encode(new Counted(n));
    }

    @Override
    public List<String> initial() {
        return List.of();
    }

    @Override
    public List<String> evolve(List<String> state, Counted event) {
        return with(state, Long.toString(event.n()));
    }

    @Override
    public List<String> evolveRedacted(List<String> state, RedactedEvent event) {
        return with(state, "redacted " + event.id());
    }

    @Override
    public List<Counted> decide(Count command, List<String> state) {
        if (state.size() > command.most()) {
            throw new IllegalStateException("more than " + command.most());
        }
        return LongStream.range(state.size(), state.size() + (long) command.times())
                .mapToObj(Counted::new)
                .toList();
    }

    private static List<String> with(List<String> state, String one) {
        return Stream.concat(state.stream(), Stream.of(one)).toList();
    }

    /** A payload that is a number: the contract needs no library. */
    private static final class Plain implements Payloads {

        @Override
        public String write(Object value) {
            return Long.toString(((Counted) value).n());
        }

        @Override
        public <T> T read(String json, Class<T> type) {
            try {
                return type.cast(new Counted(Long.parseLong(json)));
            } catch (NumberFormatException e) {
                throw PayloadException.withheld("no number", e);
            }
        }
    }
}
