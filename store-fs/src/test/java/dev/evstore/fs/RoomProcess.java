package dev.evstore.fs;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StoreException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that may write no file beyond a size, as if the disk were full there, and the handle by which a test gives
 * it orders and sets that size. Linux's util-linux is needed.
 */
final class RoomProcess implements AutoCloseable {

    private static final StreamId A = StreamId.of("a");

    private final StoreProcess process;

    private RoomProcess(StoreProcess process) {
        this.process = process;
    }

    /** Opens the store, or makes one, without a limit. */
    static RoomProcess start(Path directory) throws IOException {
        return new RoomProcess(StoreProcess.start(RoomProcess.class, List.of(directory)));
    }

    /** From now on any file may be that long; as long as it likes for 0; without a byte for -1. */
    void limit(int kilobytes) throws Exception {
        String bytes = kilobytes == 0 ? "unlimited" : String.valueOf(Math.max(0, kilobytes) * 1024L);
        Process set = new ProcessBuilder("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + bytes + ":")
                .redirectErrorStream(true)
                .start();
        String said = new String(set.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!set.waitFor(60, TimeUnit.SECONDS) || set.exitValue() != 0) {
            throw new IOException(said);
        }
    }

    /** Has it do something; gives {@code ok …}, or the class and message of what it threw. */
    String order(String order) throws IOException {
        process.tell(order);
        return process.line();
    }

    @Override
    public void close() {
        process.close();
    }

    public static void main(String[] arguments) throws IOException {
        StoreProcess.say("ready");
        FileEventStore store = FileEventStore.create(Path.of(arguments[0]));
        while (true) {
            String order = StoreProcess.read();
            String answer;
            try {
                answer = "ok " + obey(store, order.split(" ", -1));
            } catch (WriteFailedException e) {
                answer = e.outcome() + " " + e.getMessage();
            } catch (StoreException e) {
                answer = e.getClass().getSimpleName() + " " + e.getMessage();
            }
            StoreProcess.say(answer.replace('\n', ' '));
        }
    }

    private static Object obey(FileEventStore store, String[] order) {
        switch (order[0]) {
            case "append" -> {
                String text = "\"" + "x".repeat(Integer.parseInt(order[1])) + "\"";
                return store.append(A, ExpectedVersion.current(), NewEvent.of("T", text))
                        .transaction();
            }
            case "look" -> {
                return store.refresh().transactions();
            }
            case "read" -> {
                return store.read(A).state().version();
            }
            case "page" -> {
                FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), EventStore.MAX_PAGE);
                return page.entries().size();
            }
            case "reindex" -> {
                return store.reindex(ProgressListener.NONE).transactions();
            }
            case "reindex-from-scratch" -> {
                return store.reindexFromScratch(ProgressListener.NONE).transactions();
            }
            case "verify" -> {
                return store.verify(ProgressListener.NONE);
            }
            case "status" -> {
                return store.status().findings();
            }
            case "close" -> {
                store.close();
                return "";
            }
            default -> throw new IllegalArgumentException(order[0]);
        }
    }
}
