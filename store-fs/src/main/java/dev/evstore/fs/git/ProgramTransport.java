package dev.evstore.fs.git;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The git program, which knows the user's keys, credential helpers, proxies and certificates. Its messages are asked for in
 * English, since some of them are read.
 */
final class ProgramTransport implements Transport {

    /** A first fetch over a slow line takes long; what stands still is ended by git itself where it can tell. */
    private static final Duration LIMIT = Duration.ofHours(1);

    private static final List<String> IMPATIENT =
            List.of("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=120", "-c", "push.followTags=false");

    private final GitProgram program;
    private final GitRepository repository;
    private final Map<String, String> environment;

    /** @param mayAsk whether somebody sits at a terminal and can be asked for a password */
    ProgramTransport(GitProgram program, GitRepository repository, boolean mayAsk) {
        this.program = program;
        this.repository = repository;
        this.environment = environment(repository, mayAsk, System.getenv());
    }

    static Map<String, String> environment(GitRepository repository, boolean mayAsk, Map<String, String> given) {
        Map<String, String> variables = new HashMap<>(Map.of("LC_ALL", "C", "LANGUAGE", ""));
        if (!mayAsk) {
            variables.put("GIT_TERMINAL_PROMPT", "0");
            variables.put("GCM_INTERACTIVE", "never");
            String configured = repository.settings().getString("core", null, "sshcommand");
            String ssh = given.getOrDefault("GIT_SSH_COMMAND", configured == null ? "ssh" : configured);
            if (!given.containsKey("GIT_SSH") && ssh.split(" ", 2)[0].endsWith("ssh")) {
                variables.put("GIT_SSH_COMMAND", ssh + " -oBatchMode=yes -oConnectTimeout=30");
            }
        }
        return variables;
    }

    @Override
    public boolean fetch(String remote, String branch, String tracking) throws IOException {
        GitProgram.Ended ended =
                run("fetch", "--quiet", "--no-recurse-submodules", "--", remote, "+" + branch + ":" + tracking);
        if (ended.exit() == 0) {
            return true;
        }
        if (ended.errors().contains("couldn't find remote ref " + branch)) {
            return false;
        }
        throw Unreachable.refusal(repository, remote, ended.errors());
    }

    @Override
    public Pushed push(String remote, String branch, String tracking, String commit) throws IOException {
        GitProgram.Ended ended =
                run("push", "--porcelain", "--no-recurse-submodules", "--", remote, commit + ":" + branch);
        if (ended.exit() == 0) {
            return Pushed.DONE;
        }
        String refused = ended.text()
                .lines()
                .filter(line -> line.startsWith("!"))
                .findFirst()
                .orElse("");
        if (Unreachable.isRace(refused) || Unreachable.isRace(ended.errors())) {
            return Pushed.BEHIND;
        }
        String said = ended.errors() + (refused.isEmpty() ? "" : " " + refused.replace('\t', ' '));
        throw Unreachable.refusal(repository, remote, said);
    }

    private GitProgram.Ended run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(IMPATIENT);
        all.addAll(Arrays.asList(arguments));
        return program.run(repository.workTree(), LIMIT, all.toArray(String[]::new))
                .environment(environment)
                .end();
    }
}
