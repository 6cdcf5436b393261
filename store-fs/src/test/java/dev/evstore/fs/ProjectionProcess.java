package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;

import dev.evstore.core.AppendResult;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process with a host, until it is killed: {@code DIRECTORY PAGE CHANGES}. It says {@code ack TX} once it has appended,
 * {@code applied TX} once its projections reflect that, and {@code rebuild} when it has asked for one.
 */
final class ProjectionProcess {

    private ProjectionProcess() {}

    /** Starts one; it waits for the word. */
    static StoreProcess start(Path directory, int page, int changes) throws IOException {
        return StoreProcess.start(ProjectionProcess.class, List.of(directory, page, changes));
    }

    public static void main(String[] arguments) throws Exception {
        ProjectionOptions options = ProjectionOptions.defaults()
                .page(Integer.parseInt(arguments[1]))
                .changes(Integer.parseInt(arguments[2]));
        List<Projection<?>> projections = List.of(Counting.trails(), Counting.byAmount());
        StoreProcess.awaitGo();
        try (FileEventStore store = FileEventStore.open(
                        Path.of(arguments[0]), StoreOptions.defaults().poll(Duration.ofMillis(20)));
                ProjectionHost host = ProjectionHost.open(store, CODEC, options, projections)) {
            for (int n = 0; ; n++) {
                AppendResult appended = Counting.add(store, "s" + n % 3, n % 11);
                StoreProcess.say("ack " + appended.transaction());
                if (n % 7 == 3) {
                    host.rebuild("trails");
                    StoreProcess.say("rebuild");
                } else if (n % 2 == 0 && host.awaitApplied(appended, Duration.ofMinutes(1)) == Applied.APPLIED) {
                    StoreProcess.say("applied " + appended.transaction());
                }
            }
        }
    }
}
