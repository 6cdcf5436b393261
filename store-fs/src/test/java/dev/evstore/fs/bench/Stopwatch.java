package dev.evstore.fs.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Takes times and says them, one line for each: what, nanoseconds by the clock, nanoseconds of processor time. */
final class Stopwatch {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Stopwatch() {}

    interface Work {
        void run() throws Exception;
    }

    /** Does it once. */
    static void once(String what, Work work) throws Exception {
        many(what, 1, work);
    }

    /** Does it so often at a time, and gives the time of each. */
    static void many(String what, int times, Work work) throws Exception {
        long start = System.nanoTime();
        long processor = SYSTEM.getProcessCpuTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        say(what, (System.nanoTime() - start) / times, (SYSTEM.getProcessCpuTime() - processor) / times);
    }

    /** Five takes of so many, after one that is not counted. */
    static void takes(String what, int times, Work work) throws Exception {
        for (int i = 0; i < times; i++) {
            work.run();
        }
        for (int take = 0; take < 5; take++) {
            many(what, times, work);
        }
    }

    static void say(String what, long clock, long processor) {
        System.out.println(what + "\t" + clock + "\t" + processor);
    }

    /** Everything this process has used so far. */
    static long processor() {
        return SYSTEM.getProcessCpuTime();
    }
}
