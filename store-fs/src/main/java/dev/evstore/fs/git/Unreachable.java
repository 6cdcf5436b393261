package dev.evstore.fs.git;

import dev.evstore.core.GitRefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What git's messages about a remote mean, and what to do about them. */
final class Unreachable {

    /** What a push says where somebody else was faster, or is pushing at this very moment. */
    private static final List<String> RACES = List.of(
            "fetch first",
            "non-fast-forward",
            "non_fast_forward",
            "stale info",
            "cannot lock ref",
            "unable to lock",
            "failed to lock",
            "failed to update ref",
            "incorrect old value",
            "reference already exists",
            "remote ref updated since checkout",
            "lock_failure",
            "failed transaction");

    private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

    static {
        String room = "make room on the remote's disk, then repeat; what was written here is committed here";
        Refusals.ROOM.forEach(sign -> REMEDIES.put(sign, room));
        String credentials = "git fetch there by hand, and do what git says of your credentials (git config"
                + " credential.helper keeps them; for ssh, ssh-add)";
        for (String sign : List.of(
                "authentication failed",
                "could not read username",
                "could not read password",
                "terminal prompts disabled",
                "permission denied",
                "not authorized",
                "authentication is required",
                "error: 401",
                "error: 403",
                "host key verification failed")) {
            REMEDIES.put(sign, credentials);
        }
        String rules = "ask who runs the remote, or sync with a branch that takes pushes";
        REMEDIES.put("hook declined", rules);
        REMEDIES.put("protected branch", rules);
        REMEDIES.put("branch is currently checked out", "use a bare repository as remote: git clone --bare");
        String address = "check the address (git remote -v) and the line, then repeat";
        for (String sign : List.of(
                "does not appear to be a git repository",
                "not found",
                "no such",
                "could not resolve",
                "unable to access",
                "connection refused",
                "timed out",
                "unable to look up",
                "unable to connect",
                "could not read from remote")) {
            REMEDIES.put(sign, address);
        }
    }

    private Unreachable() {}

    static boolean isRace(String said) {
        String text = said.toLowerCase(Locale.ROOT);
        return RACES.stream().anyMatch(text::contains);
    }

    static GitRefusedException refusal(GitRepository repository, String remote, String said) {
        String text = said.toLowerCase(Locale.ROOT);
        String remedy = REMEDIES.entrySet().stream()
                .filter(sign -> text.contains(sign.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("run git fetch and git push there by hand and do what git says");
        String url = repository.settings().getString("remote", remote, "url");
        return Refusals.refusal(
                "The remote can't be reached, or refuses; what was written here is safe here.",
                remote + " (" + Addresses.shown(String.valueOf(url)) + "): "
                        + Addresses.shown(Refusals.shortened(
                                said.replaceAll("\\s*\\R\\s*", " ").strip())),
                remedy);
    }
}
