package dev.evstore.fs.git;

import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Git's configuration as it holds in one working tree. The git program tells it where it is there, since JGit does not
 * follow {@code includeIf}; else what JGit reads from the user's and the repository's own file.
 */
final class Settings {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Settings() {}

    static Config of(Optional<GitProgram> program, GitDirectory git) throws IOException {
        return program.isPresent() ? told(program.get(), git) : read(git);
    }

    private static Config told(GitProgram program, GitDirectory git) throws IOException {
        GitProgram.Run run = program.run(git.workTree(), LIMIT, "config", "-z", "--list");
        GitProgram.Ended ended = run.end();
        if (ended.exit() != 0) {
            throw Refusals.refusal(
                    "Git can't tell its configuration.",
                    git.workTree() + ": " + Refusals.shortened(ended.errors()),
                    "run " + run + " there and do what git says");
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String line : new String(ended.output(), StandardCharsets.UTF_8).split("\0", -1)) {
            int end = line.indexOf('\n');
            String key = end < 0 ? line : line.substring(0, end);
            if (!key.isEmpty()) {
                all.computeIfAbsent(key, k -> new ArrayList<>()).add(end < 0 ? "true" : line.substring(end + 1));
            }
        }
        Config config = new Config();
        all.forEach((key, values) -> {
            int first = key.indexOf('.');
            int last = key.lastIndexOf('.');
            String subsection = last > first ? key.substring(first + 1, last) : null;
            config.setStringList(key.substring(0, first), subsection, key.substring(last + 1), values);
        });
        return config;
    }

    private static Config read(GitDirectory git) throws IOException {
        try {
            FileBasedConfig config = new FileBasedConfig(
                    SystemReader.getInstance().getUserConfig(),
                    git.common().resolve("config").toFile(),
                    FS.DETECTED);
            config.load();
            return config;
        } catch (ConfigInvalidException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
