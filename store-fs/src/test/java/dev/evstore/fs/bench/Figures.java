package dev.evstore.fs.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What was measured, and tables of it: the median of the takes, in brackets the least, and how they compare. */
final class Figures {

    private static final String PEER = "peer ";

    private record Key(String what, Workload workload) {}

    private record Take(long clock, long processor) {}

    private final Map<Key, List<Take>> takes = new LinkedHashMap<>();

    /** A line of {@link Stopwatch}. */
    void add(Workload workload, String line) {
        String[] fields = line.split("\t", -1);
        takes.computeIfAbsent(new Key(fields[0], workload), none -> new ArrayList<>())
                .add(new Take(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
    }

    /** By the clock, and by processor time, which says more where a machine is not quiet. */
    String table(List<Integer> sizes, List<Integer> streams) {
        return table("by the clock, ms", Take::clock, sizes, streams)
                + table("processor time, ms", Take::processor, sizes, streams);
    }

    private String table(String title, ToLongFunction<Take> time, List<Integer> sizes, List<Integer> streams) {
        int small = sizes.get(0);
        int large = sizes.get(sizes.size() - 1);
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "| %s: median (least) | transactions | %,d | %,d | × | plain table, %,d | × |%n|---|---|---|---|---|---|---|%n",
                title,
                small,
                large,
                large));
        for (String what : measured()) {
            for (int count : streams) {
                Times few = times(what, new Workload(small, count), time);
                Times many = times(what, new Workload(large, count), time);
                Times peer = times(PEER + what, new Workload(large, count), time);
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %s |%n",
                        what,
                        new Workload(large, count).shape(),
                        few,
                        many,
                        many.to(few),
                        peer,
                        many.to(peer)));
            }
        }
        return table.append(System.lineSeparator()).toString();
    }

    private Set<String> measured() {
        Set<String> all = new LinkedHashSet<>();
        takes.keySet().stream()
                .map(Key::what)
                .filter(what -> !what.startsWith(PEER))
                .forEach(all::add);
        return all;
    }

    private Times times(String what, Workload workload, ToLongFunction<Take> time) {
        return new Times(takes.getOrDefault(new Key(what, workload), List.of()).stream()
                .map(time::applyAsLong)
                .sorted()
                .toList());
    }

    /** Ascending nanoseconds. */
    private record Times(List<Long> sorted) {

        private double median() {
            return sorted.get(sorted.size() / 2);
        }

        /** Empty where there is nothing to compare, or less than can be measured. */
        String to(Times other) {
            if (sorted.isEmpty() || other.sorted.isEmpty() || other.median() == 0) {
                return "";
            }
            return String.format(Locale.ROOT, "%.2g", median() / other.median());
        }

        @Override
        public String toString() {
            return sorted.isEmpty() ? "" : millis(median()) + " (" + millis(sorted.get(0)) + ")";
        }

        private static String millis(double nanos) {
            double millis = nanos / 1e6;
            return String.format(Locale.ROOT, millis < 1 ? "%.3f" : millis < 100 ? "%.1f" : "%,.0f", millis);
        }
    }
}
