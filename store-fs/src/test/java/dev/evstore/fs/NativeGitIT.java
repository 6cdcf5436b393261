package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The git program does at random what people do with it, in three clones whose stores are open, with events so alike
 * that git takes one file for another. After each step the index is what the files say, a consumer has seen exactly
 * that, and nothing that was ever acknowledged is out of reach. Needs git.
 *
 * <p>A failure tells its seed; {@code -Devstore.seed=N} walks that one alone. The long walk: {@code mvn -o -B verify -pl
 * store-core,store-fs -Dtest.excluded=shared -Dtest=NativeGitIT -Devstore.steps=10000}.
 */
@Tag("stores")
class NativeGitIT {

    @TempDir
    Path directory;

    @Test
    void nothingIsLostAndNothingConflictsWhateverGitDoesToFilesThatAreOnlyAdded()
            throws IOException { // K1, K4, L2, P6, T30
        walks(false, 1, 4, 40);
    }

    @Test
    void nothingIsLostWhereCommitsAreRevertedEither() throws IOException { // K2, K4, L2, P6, T30
        walks(true, 1, 4, 40);
    }

    @Test
    @Tag("soak")
    void aLongWalk() throws IOException {
        int steps = Integer.getInteger("evstore.steps", 10_000);
        walks(false, 1_000, steps / 200, 100);
        walks(true, 1_000, steps / 200, 100);
    }

    private void walks(boolean deleting, long from, int walks, int steps) throws IOException {
        Long only = Long.getLong("evstore.seed");
        GitWalk.Count count = new GitWalk.Count(0, 0, 0, 0);
        long started = System.nanoTime();
        for (long seed = only == null ? from : only; seed < (only == null ? from + walks : only + 1); seed++) {
            Path here = Files.createDirectories(directory.resolve((deleting ? "d" : "k") + seed));
            try (GitWalk walk = new GitWalk(here, seed, deleting)) {
                walk.walk(steps);
                count = count.plus(walk.meet());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + (deleting ? " with" : " without") + " reverts", e);
            }
        }
        System.out.println((deleting ? "with" : "without") + " reverts: " + count + " in "
                + (System.nanoTime() - started) / 1_000_000 + " ms");
        assertTrue(count.transactions() > 0);
    }
}
