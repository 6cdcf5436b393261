package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A commit as a hostile peer makes it: by {@code git fast-import}, which takes any path, link and submodule that a
 * working tree could never hold. It stands on the branch {@code peer}, on top of {@code main}.
 */
final class HostileCommit {

    /** What no terminal should get: escape sequences, other controls, bidirectional and invisible characters. */
    static final String STEERING = "\u001b[2J\u001b]0;x\u0007\r\u0008\u009b31m\u202e\u2066\u200b\ufeff\u00ad\ufff9";

    private final Path root;
    private final ByteArrayOutputStream changes = new ByteArrayOutputStream();
    private final Map<String, Transaction> valid = new TreeMap<>();
    private int number;

    HostileCommit(Path root) {
        this.root = root;
    }

    /** A file of these bytes. */
    HostileCommit file(String path, byte[] bytes) {
        return entry("100644", path, bytes);
    }

    HostileCommit file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file with a valid transaction of one event in the stream {@code peer}, which has to be taken in. */
    HostileCommit valid(String path) {
        Transaction transaction =
                Foreign.at(1000 + ++number).free("peer").event("peer", "Good").build();
        valid.put(path, transaction);
        return file(path, transaction.bytes());
    }

    HostileCommit link(String path, String target) {
        return entry("120000", path, target.getBytes(StandardCharsets.UTF_8));
    }

    HostileCommit program(String path, String text) {
        return entry("100755", path, text.getBytes(StandardCharsets.UTF_8));
    }

    HostileCommit submodule(String path) {
        line("M 160000 " + "1".repeat(40) + " " + quoted(path));
        return this;
    }

    HostileCommit remove(String path) {
        line("D " + quoted(path));
        return this;
    }

    /** How many valid transactions it brings. */
    int valid() {
        return valid.size();
    }

    private HostileCommit entry(String mode, String path, byte[] bytes) {
        line("M " + mode + " inline " + quoted(path));
        line("data " + bytes.length);
        changes.writeBytes(bytes);
        line("");
        return this;
    }

    private void line(String text) {
        changes.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** As git reads a path in quotes: every byte that is not plain in octal. */
    private static String quoted(String path) {
        StringBuilder out = new StringBuilder("\"");
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 0x7F && b != '"' && b != '\\';
            out.append(plain ? String.valueOf((char) b) : String.format("\\%03o", b & 0xFF));
        }
        return out.append('"').toString();
    }

    /** Makes the commit. */
    void commit() {
        try {
            Process git = new ProcessBuilder("git", "fast-import", "--quiet", "--force")
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = git.getOutputStream()) {
                String head = """
                        commit refs/heads/peer
                        committer P <p@example.org> 1700000000 +0000
                        data 4
                        evil
                        from refs/heads/main^0
                        """;
                in.write(head.getBytes(StandardCharsets.US_ASCII));
                changes.writeTo(in);
            }
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, git.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A few hostile things at once, by chance; {@code outside} is a directory that nobody may look into. */
    static HostileCommit random(Path root, Path outside, Random random) {
        HostileCommit commit = new HostileCommit(root).valid("events/2026-10/good.jsonl");
        List<Hostility> kinds = List.of(
                HostileCommit::oddNames,
                HostileCommit::links,
                HostileCommit::local,
                HostileCommit::contents,
                HostileCommit::ids,
                HostileCommit::gitsFiles,
                HostileCommit::months);
        for (Hostility kind : kinds) {
            if (random.nextInt(3) > 0) {
                kind.add(commit, outside, random);
            }
        }
        return commit;
    }

    private interface Hostility {
        void add(HostileCommit commit, Path outside, Random random);
    }

    private void oddNames(Path outside, Random random) {
        List<String> names = List.of(
                "new\nline",
                STEERING,
                "-rf",
                "--",
                "a b",
                "100%41",
                "ümläut",
                "e\u0301",
                "$(touch evil)",
                "`id`",
                "CON",
                "nul.",
                "x;y|z&",
                "\"quoted\"",
                "back\\slash",
                "~",
                "*",
                "d".repeat(240));
        for (String name : names) {
            if (random.nextBoolean()) {
                valid("events/2026-10/" + name + ".jsonl");
            } else {
                valid("events/" + name + "/x.jsonl");
            }
        }
        valid("events/2026-10/twin.jsonl")
                .file("events/2026-10/TWIN.JSONL", "rubbish")
                .file("events/..x.jsonl", "x");
        valid("events/x.jsonl/y.jsonl").valid("events/" + "deep/".repeat(60) + "x.jsonl");
        submodule("events/2026-10/module").submodule("events/2026-10/module.jsonl");
    }

    private void links(Path outside, Random random) {
        List<String> targets = List.of(
                outside.toString(),
                "/etc/passwd",
                "../../.git/config",
                "/dev/zero",
                "nowhere",
                ".",
                "..",
                outside + "/secret.jsonl",
                "../".repeat(20) + outside.toString().substring(1));
        for (String target : targets) {
            String name = "l" + number++;
            link("events/2026-10/" + name + (random.nextBoolean() ? ".jsonl" : ""), target);
            link("events/" + name + (random.nextBoolean() ? ".jsonl" : ""), target);
        }
    }

    /** Names that evstore uses, has used, or may come to use. */
    private void local(Path outside, Random random) {
        for (String name : List.of("lock", "tmp", "uncommitted", "subscriptions.db", "checked-out", "reindex.lock")) {
            if (random.nextBoolean()) {
                link(".evstore/" + name, outside + (random.nextBoolean() ? "" : "/new-" + name));
            }
        }
        String token = "0123456789abcdef".repeat(2);
        file(".evstore/owner", token + "\n").file(".evstore/.gitignore", "!*\n");
        file(".evstore/current", "index-0123456789abcdef-1.db\n").file(".evstore/index-0123456789abcdef-1.db", "no");
        file(".evstore/replica.json", "{\"id\":\"00000000-0000-0000-0000-00000000dead\",\"seq\":7}\n");
        file(".evstore/" + token + "/owner", "").file(".evstore/" + token + "/lock", "");
        file(".EVSTORE/x", "").file(".evstore-aside/x", "").link(".evstore/aside", outside.toString());
    }

    private void contents(Path outside, Random random) {
        String good = new String(
                Foreign.at(500_000).onto("cut").event("cut", "Cut").build().bytes(), StandardCharsets.UTF_8);
        file("events/cut.jsonl", good.substring(0, random.nextInt(good.length() - 1)));
        file("events/line.jsonl", "{\"v\":1,\"tx\":\"" + "x".repeat(3 << 20) + "\"}\n");
        file("events/deep.jsonl", "{\"v\":1,\"tx\":" + "[".repeat(200_000) + "\n");
        file("events/many.jsonl", "{\"v\":1}\n".repeat(3000));
        file("events/empty.jsonl", "").file("events/nul.jsonl", "\0".repeat(5000));
        file("events/lfs.jsonl", "version https://git-lfs.github.com/spec/v1\n");
        for (int k = 0; k < 60; k++) {
            file("events/small/" + k + ".jsonl", "rubbish " + STEERING);
        }
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        for (int k = 0; k < 20; k++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            file("events/damaged-" + k + ".jsonl", damaged);
        }
    }

    private void ids(Path outside, Random random) {
        Transaction last = Foreign.withId(Foreign.id(TransactionId.MAX_MILLIS, 0))
                .onto("mine")
                .event("mine", NewEvent.of("Far" + STEERING, "\"" + "\u202e" + "\""))
                .build();
        Transaction first = Foreign.withId(Foreign.id(0, 0))
                .onto("mine")
                .event("mine", "Old")
                .build();
        Transaction variant =
                Foreign.at(700).onto("variant").event("variant", "One").build();
        Transaction other =
                Foreign.at(700).onto("variant").event("variant", "Two").build();
        file("events/far.jsonl", last.bytes()).file("events/old.jsonl", first.bytes());
        file("events/v1.jsonl", variant.bytes()).file("events/v2.jsonl", other.bytes());
        file("events/v1-again.jsonl", variant.bytes());
        file("events/newer.jsonl", Foreign.newer(variant).bytes());
        file(
                "events/missing.jsonl",
                Foreign.at(800)
                        .onto("lost", Foreign.id(5, 5))
                        .event("lost", "Lost")
                        .build()
                        .bytes());
        file(
                "events/claims.jsonl",
                Foreign.at(900)
                        .onto("claims", first.header().id())
                        .parent(first.header().id(), "0".repeat(32))
                        .command("c")
                        .event("claims", "Claims")
                        .build()
                        .bytes());
    }

    private void gitsFiles(Path outside, Random random) {
        file("events/.gitattributes", "* filter=evil diff=evil merge=evil ident\n");
        file("events/.gitignore", "*\n").file(".gitattributes", "* filter=evil diff=evil merge=evil\n");
        file(".gitignore", "*.jsonl\n").file(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ./x\n");
        program("git", "#!/bin/sh\ntouch evil\n").program("hooks/post-merge", "#!/bin/sh\ntouch evil\n");
    }

    private void months(Path outside, Random random) {
        for (int month = 1; month <= 12; month++) {
            String path = String.format("events/2027-%02d", month);
            if (random.nextBoolean()) {
                link(path, outside.toString());
            } else {
                file(path, "taken");
            }
        }
    }
}
