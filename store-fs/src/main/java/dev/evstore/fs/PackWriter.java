package dev.evstore.fs;

import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes one pack of several event files of a directory, beside them. */
final class PackWriter {

    private final StoreLayout layout;
    private final Disk disk;
    private final EventFiles files;

    PackWriter(StoreLayout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
        this.files = new EventFiles(layout);
    }

    /**
     * What was written.
     *
     * @param path relative to {@code events/}
     */
    record Pack(String path, byte[] bytes) {}

    /** The pack is a function of its transactions, so one that is there already is the same. */
    Pack publish(List<NewFile> fold) throws IOException {
        SortedMap<TransactionId, byte[]> transactions = new TreeMap<>();
        for (NewFile file : fold) {
            boolean sound = NewFile.read(
                    files,
                    file.directory(),
                    file.name(),
                    transaction -> transactions.put(transaction.header().id(), transaction.bytes()));
            if (!sound) {
                throw new IOException("events/" + file.path() + " changed while it was read");
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transactions.values().forEach(bytes::writeBytes);
        byte[] pack = bytes.toByteArray();
        String directory = fold.get(0).directory();
        String name = StoreLayout.packName(transactions.firstKey(), pack);
        Path target = files.path(directory, name);
        try {
            disk.publish(layout.temporary(), target, pack, true);
        } catch (FileAlreadyExistsException e) {
            if (!Arrays.equals(pack, Files.readAllBytes(target))) {
                throw e;
            }
        }
        return new Pack(directory + "/" + name, pack);
    }
}
