package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A merge whose conflicts are in the user's own files: the git program makes it, so that its conflicts look as the user is
 * used to, and are solved as ever. It looks for no renames, which would only take event files for renamed ones (rule K2).
 */
final class HandedToGit {

    private final GitRepository repository;
    private final String name;
    private final MergePlan plan;

    HandedToGit(GitRepository repository, String name, MergePlan plan) {
        this.repository = repository;
        this.name = name;
        this.plan = plan;
    }

    Merging.Merged merge() throws IOException {
        List<String> conflicts = plan.conflicts().stream().map(RawPath::text).toList();
        if (repository.program().isEmpty()) {
            throw Refusals.refusal(
                    "Both sides changed files that are not events, and merging those takes the git program, which is"
                            + " missing; nothing was changed.",
                    repository.where() + ": " + String.join(", ", conflicts),
                    "install git, or mend PATH");
        }
        IndexLock.await(repository);
        GitProgram.Ended ended = git(
                        "merge",
                        "--no-ff",
                        "-q",
                        "-X",
                        "no-renames",
                        "-m",
                        Commits.mergeMessage(repository, name, plan.theirs()).strip(),
                        plan.theirs().name())
                .environment(Map.of("GIT_EDITOR", "true"))
                .end();
        ObjectId head = repository.head();
        boolean stopped = Files.exists(repository.directory().path().resolve("MERGE_HEAD"));
        if (head == null || (ended.exit() != 0 && !stopped)) {
            throw Refusals.refusal(
                    "Git refused to merge; nothing was changed.",
                    repository.where() + ": " + Refusals.shortened(ended.errors()),
                    "do what git says, then repeat");
        }
        return stopped
                ? Merging.Merged.of(Merging.Outcome.CONFLICTS, plan, head, unmerged())
                : Merging.Merged.of(Merging.Outcome.MERGED, plan, head, List.of());
    }

    private GitProgram.Run git(String... arguments) {
        return repository.program().orElseThrow().run(repository.workTree(), UsersFiles.LIMIT, arguments);
    }

    /** Where git stopped: it may follow a merge program of the user's, and may stop on event files of one name. */
    private List<String> unmerged() throws IOException {
        byte[] paths = git("diff", "--name-only", "--diff-filter=U", "-z").end().output();
        return Arrays.stream(new String(paths, StandardCharsets.UTF_8).split("\0", -1))
                .filter(path -> !path.isEmpty())
                .toList();
    }
}
