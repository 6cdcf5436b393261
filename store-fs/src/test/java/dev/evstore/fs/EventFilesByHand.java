package dev.evstore.fs;

import dev.evstore.core.EventStore;
import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Subject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A store on files, and the hand that puts files there and takes them away as git would. */
final class EventFilesByHand implements Subject {

    private final Path root;
    private final Path events;
    final FileEventStore files;
    private int written;

    EventFilesByHand(Path directory, StoreOptions options) {
        this.root = directory;
        this.events = directory.resolve("events");
        this.files = FileEventStore.create(directory, options);
    }

    @Override
    public EventStore store() {
        return files;
    }

    @Override
    public void arrive(Collection<Transaction> foreign) {
        foreign.forEach(transaction -> write(List.of(transaction)));
        files.refresh();
    }

    /** The independent reader, where there is one, has a look at every store that is left behind. */
    @Override
    public void close() {
        try (files) {
            ReferenceReader.check(root, files);
        }
    }

    /** One new file with these, ascending; every few files in another directory. */
    void write(List<Transaction> transactions) {
        try {
            Path directory = Files.createDirectories(events.resolve("2026-0" + (1 + written++ / 3 % 9)));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            transactions.forEach(transaction -> bytes.writeBytes(transaction.bytes()));
            Files.write(directory.resolve("by-hand-" + UUID.randomUUID() + ".jsonl"), bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void retract(Collection<TransactionId> ids) {
        for (Path file : files()) {
            List<Transaction> there = read(file);
            List<Transaction> left = there.stream()
                    .filter(transaction -> !ids.contains(transaction.header().id()))
                    .toList();
            if (left.size() < there.size()) {
                delete(file);
                if (!left.isEmpty()) {
                    write(left);
                }
            }
        }
        files.refresh();
    }

    List<Path> files() {
        try (Stream<Path> all = Files.walk(events)) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The valid transactions of a file. */
    static List<Transaction> read(Path file) {
        List<Transaction> found = new ArrayList<>();
        try {
            EventFileReader.read(new ByteArrayInputStream(Files.readAllBytes(file)), new EventFileReader.Sink() {
                @Override
                public void transaction(Transaction transaction, long offset) {
                    found.add(transaction);
                }

                @Override
                public void flaw(String what, long line) {
                    // only what is valid is asked for
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
