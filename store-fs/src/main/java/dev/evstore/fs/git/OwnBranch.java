package dev.evstore.fs.git;

import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A branch for events alone, checked out in a linked working tree, for repositories whose code branches should not carry
 * them (rule G7). The branch begins with a commit of nothing that is the same in every clone, so that two people who make one
 * each can merge them.
 */
public final class OwnBranch {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Map<String, String> NOBODY = Map.of(
            "GIT_AUTHOR_NAME", "evstore",
            "GIT_AUTHOR_EMAIL", "evstore@localhost",
            "GIT_AUTHOR_DATE", "@0 +0000",
            "GIT_COMMITTER_NAME", "evstore",
            "GIT_COMMITTER_EMAIL", "evstore@localhost",
            "GIT_COMMITTER_DATE", "@0 +0000");

    private final GitProgram program;
    private final GitDirectory git;

    private OwnBranch(GitProgram program, GitDirectory git) {
        this.program = program;
        this.git = git;
    }

    /**
     * Makes the branch, if it is nowhere, and checks it out at {@code place}; where it is checked out there already, nothing is
     * done. It follows the branch of that name at the only remote, if there is one.
     *
     * @param place a directory that is empty or not there
     * @throws dev.evstore.core.GitRefusedException git refuses, or is not installed
     */
    public static void checkOut(GitDirectory git, Path place, String branch) {
        GitProgram program = GitProgram.find()
                .orElseThrow(() -> Refusals.refusal(
                        "A branch in a working tree of its own takes the git program, which is missing.",
                        "PATH",
                        "install git, or mend PATH"));
        Refusals.asking(git.workTree(), () -> {
            new OwnBranch(program, git).checkOut(place, branch);
            return true;
        });
    }

    private void checkOut(Path place, String branch) throws IOException {
        if (run("check-ref-format", "--branch", branch).exit() != 0) {
            throw Refusals.refusal("This is no name for a branch.", branch, "letters, digits and - as in events");
        }
        GitDirectory there = Files.isDirectory(place) ? GitDirectory.of(place) : null;
        if (there != null && there.workTree().equals(place.toRealPath())) {
            String head = Files.readString(there.head()).strip();
            if (there.common().toRealPath().equals(git.common().toRealPath())
                    && head.equals("ref: refs/heads/" + branch)) {
                return;
            }
            throw taken(place);
        }
        if ((Files.exists(place) && !isEmpty(place))
                || place.toAbsolutePath().normalize().equals(git.workTree().resolve("events"))) {
            throw taken(place); // the rule that hides it from the outer tree would hide the events in the inner one
        }
        addWorkTree(place, branch);
        follow(branch);
        ignoreFromOutside(place);
    }

    private static RuntimeException taken(Path place) {
        return Refusals.refusal(
                "Something else stands where the branch is to be checked out.",
                place,
                "name another directory: evstore init DIR --branch NAME");
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private void addWorkTree(Path place, String branch) throws IOException {
        if (run("rev-parse", "-q", "--verify", "refs/heads/" + branch).exit() == 0) {
            done("worktree", "add", "-q", "--", place.toString(), branch);
            return;
        }
        List<String> elsewhere = done("for-each-ref", "--format=%(refname)", "refs/remotes/*/" + branch)
                .lines()
                .toList();
        String start = elsewhere.isEmpty() ? beginning() : elsewhere.get(0);
        done("worktree", "add", "-q", "--no-track", "-b", branch, "--", place.toString(), start);
    }

    private String beginning() throws IOException {
        GitProgram.Ended tree = program.run(git.workTree(), LIMIT, "hash-object", "-t", "tree", "-w", "--stdin")
                .end();
        GitProgram.Ended commit = program.run(
                        git.workTree(), LIMIT, "commit-tree", "--no-gpg-sign", "-m", "Events of their own", tree.text())
                .environment(NOBODY)
                .end();
        if (commit.exit() != 0) {
            throw refused("commit-tree", commit);
        }
        return commit.text();
    }

    /** So that {@code evstore sync} knows where to. */
    private void follow(String branch) throws IOException {
        List<String> remotes = done("remote").lines().toList();
        if (remotes.size() == 1 && run("config", "branch." + branch + ".remote").exit() != 0) {
            done("config", "branch." + branch + ".remote", remotes.get(0));
            done("config", "branch." + branch + ".merge", "refs/heads/" + branch);
        }
    }

    /** The outer working tree would offer the inner one for adding: in the file of ignore rules that no commit carries. */
    private void ignoreFromOutside(Path place) throws IOException {
        Path real = place.toRealPath();
        if (!real.startsWith(git.workTree())) {
            return;
        }
        Path exclude = git.common().resolve("info/exclude");
        Files.createDirectories(git.common().resolve("info"));
        String rule = "/" + git.name(place).replaceAll("([\\\\*?\\[\\]!# ])", "\\\\$1") + "/";
        String rules = Files.exists(exclude) ? Files.readString(exclude, StandardCharsets.UTF_8) : "";
        if (rules.lines().noneMatch(rule::equals)) {
            String line = (rules.isEmpty() || rules.endsWith("\n") ? "" : "\n") + rule + "\n";
            Files.writeString(
                    exclude, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private GitProgram.Ended run(String... arguments) throws IOException {
        return program.run(git.workTree(), LIMIT, arguments).end();
    }

    private String done(String... arguments) throws IOException {
        GitProgram.Ended ended = run(arguments);
        if (ended.exit() != 0) {
            throw refused(String.join(" ", arguments), ended);
        }
        return ended.text();
    }

    private RuntimeException refused(String what, GitProgram.Ended ended) {
        return Refusals.refusal(
                "Git refused.",
                "git " + what + " in " + git.workTree() + ": " + Refusals.shortened(ended.errors()),
                "run that command by hand and do what git says");
    }
}
