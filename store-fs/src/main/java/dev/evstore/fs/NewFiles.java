package dev.evstore.fs;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.git.EventCommit;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the event files that HEAD does not have. Cost follows what is new: a directory that had nothing new at the last
 * commit, and has the same stamp here and the same tree in HEAD, is not compared again.
 *
 * <p>Names that are not plain ASCII are left alone: a disk may spell them otherwise, and no writer uses them.
 */
final class NewFiles {

    private final StoreLayout layout;
    private final Disk disk;
    private final FileRows rows;
    private final EventFiles files;

    NewFiles(StoreLayout layout, Disk disk, FileRows rows) {
        this.layout = layout;
        this.disk = disk;
        this.rows = rows;
        this.files = new EventFiles(layout);
    }

    /**
     * What is new.
     *
     * @param sound files of valid transactions and nothing else
     * @param flawed paths of the others, from the store's directory
     */
    record Found(List<NewFile> sound, List<String> flawed) {}

    /** Looks through what the last look at the files found. */
    Found find(EventCommit commit) throws IOException {
        Set<String> before = noted();
        Set<String> after = new TreeSet<>();
        List<NewFile> sound = new ArrayList<>();
        List<String> flawed = new ArrayList<>();
        for (FileRows.Directory directory : rows.directories()) {
            String line = directory.path() + "\t" + directory.stamp() + "\t" + commit.state(directory.path());
            if (before.contains(line)) {
                after.add(line);
                continue;
            }
            List<String> news = new ArrayList<>();
            for (String name : rows.names(directory.path())) {
                if (name.indexOf('%') < 0
                        && directory.path().indexOf('%') < 0
                        && !commit.isInHead(path(directory, name))) {
                    news.add(name);
                }
            }
            if (news.isEmpty() && directory.settled()) {
                after.add(line);
            }
            Set<String> staged = commit.staged(
                    news.stream().map(name -> path(directory, name)).toList());
            for (String name : news) {
                NewFile file = NewFile.read(files, directory.path(), name, staged.contains(path(directory, name)));
                if (file != null) {
                    sound.add(file);
                } else {
                    flawed.add(files.describe(directory.path(), name));
                }
            }
        }
        if (!after.equals(before)) {
            disk.replace(
                    layout.temporary(),
                    layout.committed(),
                    String.join("\n", after).getBytes(StandardCharsets.UTF_8));
        }
        return new Found(sound, flawed);
    }

    private static String path(FileRows.Directory directory, String name) {
        return directory.path().isEmpty() ? name : directory.path() + "/" + name;
    }

    private Set<String> noted() throws IOException {
        try {
            return new HashSet<>(Files.readString(layout.committed(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList());
        } catch (NoSuchFileException e) {
            return Set.of();
        }
    }
}
