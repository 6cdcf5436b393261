package dev.evstore.fs.git;

import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/** JGit, where the git program is not installed: it knows neither credential helpers nor the user's ssh. */
final class JGitTransport implements Transport {

    private static final int SILENT_SECONDS = 120;

    private final GitRepository repository;

    JGitTransport(GitRepository repository) {
        this.repository = repository;
    }

    private interface Exchange<T> {
        T with(org.eclipse.jgit.transport.Transport transport) throws IOException;
    }

    @Override
    public boolean fetch(String remote, String branch, String tracking) throws IOException {
        return exchange(remote, transport -> {
            try (FetchConnection connection = transport.openFetch()) {
                Ref there = connection.getRef(branch);
                if (there == null) {
                    return false;
                }
            }
            transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("+" + branch + ":" + tracking)));
            return true;
        });
    }

    @Override
    public Pushed push(String remote, String branch, String tracking, String commit) throws IOException {
        Repository jgit = repository.jgit();
        return exchange(remote, transport -> {
            RemoteRefUpdate update =
                    new RemoteRefUpdate(jgit, commit, ObjectId.fromString(commit), branch, false, tracking, null);
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
            return switch (update.getStatus()) {
                case OK, UP_TO_DATE -> Pushed.DONE;
                case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> Pushed.BEHIND;
                default -> {
                    String said = update.getStatus() + " " + update.getMessage() + " " + result.getMessages();
                    if (Unreachable.isRace(said)) {
                        yield Pushed.BEHIND;
                    }
                    throw Unreachable.refusal(repository, remote, said);
                }
            };
        });
    }

    private <T> T exchange(String remote, Exchange<T> exchange) throws IOException {
        return Unobtrusive.asking(() -> {
            try (org.eclipse.jgit.transport.Transport transport =
                    org.eclipse.jgit.transport.Transport.open(repository.jgit(), remote)) {
                transport.setTimeout(SILENT_SECONDS);
                return exchange.with(transport);
            } catch (TransportException | org.eclipse.jgit.api.errors.JGitInternalException e) {
                throw Unreachable.refusal(
                        repository, remote, String.valueOf(e.getMessage()) + " (without the git program)");
            } catch (java.net.URISyntaxException | org.eclipse.jgit.errors.NotSupportedException e) {
                throw Unreachable.refusal(
                        repository, remote, String.valueOf(e.getMessage()) + "; the git program is not installed");
            }
        });
    }
}
