package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.util.RawParseUtils;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Who a commit is by. Asked of the git program where it is there; it refuses as {@code git commit} would where nobody
 * has said. Immutable.
 */
record Identity(PersonIdent author, PersonIdent committer) {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static Identity of(GitRepository repository) throws IOException {
        Optional<GitProgram> program = repository.program();
        if (program.isEmpty()) {
            return configured(repository.settings(), repository.where());
        }
        PersonIdent author = told(repository.author(), repository);
        boolean apart = told("GIT_AUTHOR_")
                || told("GIT_COMMITTER_")
                || repository.settings().getSections().stream()
                        .anyMatch(section -> section.equals("author") || section.equals("committer"));
        return new Identity(author, apart ? committer(program.get(), repository) : author);
    }

    /** Begins to ask who the author is. */
    static GitProgram.Running ask(GitProgram program, Path workTree) throws IOException {
        return program.run(workTree, LIMIT, "var", "GIT_AUTHOR_IDENT").start();
    }

    private static boolean told(String prefix) {
        return System.getenv().keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static PersonIdent committer(GitProgram program, GitRepository repository) throws IOException {
        try (GitProgram.Running asked = program.run(repository.workTree(), LIMIT, "var", "GIT_COMMITTER_IDENT")
                .start()) {
            return told(asked, repository);
        }
    }

    private static PersonIdent told(GitProgram.Running asked, GitRepository repository) throws IOException {
        GitProgram.Ended ended = asked.end();
        PersonIdent person = ended.exit() == 0 ? RawParseUtils.parsePersonIdent(ended.text()) : null;
        if (person == null) {
            throw unknown(repository.where() + ": " + Refusals.shortened(ended.errors()));
        }
        return person;
    }

    private static RuntimeException unknown(String where) {
        return Refusals.refusal(
                "Git does not know who you are, so nothing was committed.",
                where,
                "git config --global user.name NAME and git config --global user.email ADDRESS, then repeat");
    }

    /** What JGit would take, without what it makes up from the names of the machine and the account. */
    private static Identity configured(Config settings, String where) {
        PersonIdent author = configured(settings, "author", where);
        return new Identity(author, configured(settings, "committer", where));
    }

    private static PersonIdent configured(Config settings, String role, String where) {
        Map<String, String> environment = System.getenv();
        String prefix = "GIT_" + (role.equals("author") ? "AUTHOR" : "COMMITTER");
        String name = first(environment.get(prefix + "_NAME"), settings, role, "name");
        String email = first(environment.get(prefix + "_EMAIL"), settings, role, "email");
        if (name == null || email == null) {
            throw unknown(where);
        }
        return new PersonIdent(
                name,
                email,
                SystemReader.getInstance().now(),
                SystemReader.getInstance().getTimeZoneId());
    }

    private static @Nullable String first(@Nullable String given, Config settings, String role, String key) {
        return Stream.of(
                        Optional.ofNullable(given),
                        Optional.ofNullable(settings.getString(role, null, key)),
                        Optional.ofNullable(settings.getString("user", null, key)))
                .flatMap(Optional::stream)
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse(null);
    }
}
