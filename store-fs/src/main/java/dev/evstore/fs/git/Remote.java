package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The branch of a remote that the branch which is checked out is exchanged with (rule G6). Not thread-safe. */
public final class Remote {

    private final GitRepository repository;
    private final Transport transport;
    private final String name;
    private final String branch;

    private Remote(GitRepository repository, Transport transport, String name, String branch) {
        this.repository = repository;
        this.transport = transport;
        this.name = name;
        this.branch = branch;
    }

    /**
     * Finds it in git's configuration; nothing is sent.
     *
     * @param named the remote, or null for the one that the branch follows
     * @param mayAsk whether git may ask for a password at the terminal
     * @throws GitRefusedException there is none
     */
    public static Remote of(GitRepository repository, @Nullable String named, boolean mayAsk) {
        String local = repository.asking(() -> repository.jgit().getFullBranch());
        if (local == null || !local.startsWith(Constants.R_HEADS)) {
            throw Refusals.refusal(
                    "HEAD is detached: no branch is checked out that could be exchanged.",
                    repository.where(),
                    "git switch BRANCH");
        }
        String shown = Repository.shortenRefName(local);
        String follows = repository.settings().getString("branch", shown, "remote");
        String upstream = repository.settings().getString("branch", shown, "merge");
        String remote = named == null ? follows : named;
        if (remote == null || remote.equals(".") || (named == null && upstream == null)) {
            throw none(repository, shown);
        }
        if (repository.settings().getString("remote", remote, "url") == null) {
            Set<String> known = repository.settings().getSubsections("remote");
            throw Refusals.refusal(
                    "There is no remote of this name.",
                    Addresses.shown(remote) + " in " + repository.where(),
                    known.isEmpty()
                            ? "git remote add " + Addresses.shown(remote) + " URL"
                            : "one of " + String.join(", ", known));
        }
        Transport transport = repository
                .program()
                .<Transport>map(program -> new ProgramTransport(program, repository, mayAsk))
                .orElseGet(() -> new JGitTransport(repository));
        return new Remote(repository, transport, remote, remote.equals(follows) && upstream != null ? upstream : local);
    }

    private static GitRefusedException none(GitRepository repository, String branch) {
        Set<String> remotes = repository.settings().getSubsections("remote");
        return Refusals.refusal(
                "The branch follows no branch of a remote.",
                branch + " in " + repository.where(),
                remotes.isEmpty()
                        ? "git remote add origin URL, then evstore sync origin"
                        : "evstore sync " + remotes.iterator().next() + ", or git branch -u REMOTE/BRANCH");
    }

    /** How it is called, with the branch: {@code origin/main}. */
    public String shown() {
        return name + "/" + Repository.shortenRefName(branch);
    }

    /**
     * Gets what is there.
     *
     * @return its branch as a full name that git knows here; empty if the remote has no such branch yet
     * @throws GitRefusedException it can't be reached, or refuses
     */
    public Optional<String> fetch() {
        return exchange(() -> transport.fetch(name, branch, tracking()) ? Optional.of(tracking()) : Optional.empty());
    }

    /** Whether the remote was seen at exactly this commit. */
    public boolean isAt(String commit) {
        return repository.asking(() -> {
            Ref ref = repository.jgit().exactRef(tracking());
            return ref != null
                    && ref.getObjectId() != null
                    && ref.getObjectId().name().equals(commit);
        });
    }

    /**
     * Gives it a commit.
     *
     * @return false if something is there that was not fetched yet
     * @throws GitRefusedException it can't be reached, or refuses
     */
    public boolean push(String commit) {
        return exchange(() -> transport.push(name, branch, tracking(), commit) == Transport.Pushed.DONE);
    }

    private String tracking() {
        return Constants.R_REMOTES + name + "/" + Repository.shortenRefName(branch);
    }

    private interface Exchange<T> {
        T run() throws IOException;
    }

    private <T> T exchange(Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (InterruptedIOException e) {
            throw Refusals.refusal(
                    "The exchange with the remote was interrupted; what was committed and merged here stays.",
                    shown(),
                    "repeat",
                    e);
        } catch (IOException e) {
            throw Unreachable.refusal(repository, name, String.valueOf(e.getMessage()));
        }
    }
}
