package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;

/** Writes commits. Signed ones are written by the git program, which knows the user's keys and how to ask for them. */
final class CommitObject {

    /** Somebody may have to type a passphrase. */
    private static final Duration SIGNING = Duration.ofMinutes(5);

    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("xx", Locale.ROOT);

    private CommitObject() {}

    /** Whether the user wants every commit signed. */
    static boolean isToBeSigned(GitRepository repository) {
        return repository.settings().getBoolean("commit", "gpgsign", false);
    }

    static ObjectId write(GitRepository repository, ObjectId tree, List<ObjectId> parents, String message)
            throws IOException {
        Identity identity = repository.identity();
        return isToBeSigned(repository)
                ? signed(repository, identity, tree, parents, message)
                : plain(repository, identity, tree, parents, message);
    }

    private static ObjectId plain(
            GitRepository repository, Identity identity, ObjectId tree, List<ObjectId> parents, String message)
            throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentIds(parents);
        commit.setAuthor(identity.author());
        commit.setCommitter(identity.committer());
        commit.setEncoding(StandardCharsets.UTF_8);
        commit.setMessage(message);
        try (ObjectInserter inserter = repository.inserter()) {
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    private static ObjectId signed(
            GitRepository repository, Identity identity, ObjectId tree, List<ObjectId> parents, String message)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-c", "core.fsync=committed", "commit-tree", tree.name(), "-S", "-F", "-"));
        parents.forEach(parent -> arguments.addAll(List.of("-p", parent.name())));
        Map<String, String> people = new HashMap<>();
        put(people, "GIT_AUTHOR_", identity.author());
        put(people, "GIT_COMMITTER_", identity.committer());
        GitProgram.Ended ended = repository
                .program()
                .orElseThrow(() -> Preflight.noSigner(repository.where()))
                .run(repository.workTree(), SIGNING, arguments.toArray(String[]::new))
                .environment(people)
                .input(message.getBytes(StandardCharsets.UTF_8))
                .end();
        if (ended.exit() != 0 || !ObjectId.isId(ended.text())) {
            throw Refusals.refusal(
                    "The commit could not be signed, so nothing was committed.",
                    repository.where() + ": " + Refusals.shortened(ended.errors()),
                    "mend what git says, or git config commit.gpgsign false");
        }
        return ObjectId.fromString(ended.text());
    }

    private static void put(Map<String, String> variables, String prefix, PersonIdent person) {
        variables.put(prefix + "NAME", person.getName());
        variables.put(prefix + "EMAIL", person.getEmailAddress());
        variables.put(
                prefix + "DATE",
                "@" + person.getWhenAsInstant().getEpochSecond() + " "
                        + ZONE.format(person.getWhenAsInstant().atZone(person.getZoneId())));
    }
}
