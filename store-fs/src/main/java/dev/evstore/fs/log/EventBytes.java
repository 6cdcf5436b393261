package dev.evstore.fs.log;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of event files. Neighbours in one file, as a page of a pack's events has them, cost one read together.
 * May be used by threads that are interrupted: they stay so, and the read goes on. Not thread-safe.
 */
public final class EventBytes implements Closeable {

    /** What is read at once of a file, at first and at most, unless more is asked for. */
    private static final int FIRST_WINDOW = 2 << 10;

    private static final int WINDOW = 32 << 10;

    private final EventFiles files;
    private @Nullable Path directory;
    private @Nullable Path path;
    private String inDirectory = "";
    private String inName = "";
    private @Nullable FileChannel channel;
    private int size = FIRST_WINDOW;
    private long start;
    private byte[] window = new byte[0];

    public EventBytes(EventFiles files) {
        this.files = files;
    }

    /**
     * The bytes of a part of a file.
     *
     * @throws IOException the file can't be read, or ends too soon
     */
    public byte[] read(String inside, String name, long offset, int length) throws IOException {
        Path own = directory;
        if (own == null || !inside.equals(inDirectory)) {
            close();
            own = files.requireOwnDirectory(inside);
            directory = own;
            inDirectory = inside;
        }
        Path file = path;
        if (file == null || !name.equals(inName)) {
            closeFile();
            file = EventFiles.in(own, name);
            path = file;
            inName = name;
        }
        if (offset < start || offset + length > start + window.length) {
            fill(file, offset, length);
        }
        int from = (int) (offset - start);
        return Arrays.copyOfRange(window, from, from + length);
    }

    private void fill(Path file, long offset, int length) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    fillOnce(file, offset, length);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true; // the channel closed itself; the next turn opens another
                    channel = null;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void fillOnce(Path file, long offset, int length) throws IOException {
        if (channel == null) {
            EventFiles.requireFile(file);
            channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } else if (offset >= start) {
            size = Math.min(2 * size, WINDOW); // who goes on in a file goes on
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(length, size));
        while (buffer.position() < length) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException(file + " ends before byte " + (offset + length));
            }
        }
        start = offset;
        window = buffer.position() == buffer.capacity()
                ? buffer.array()
                : Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void closeFile() throws IOException {
        path = null;
        start = 0;
        window = new byte[0];
        size = FIRST_WINDOW;
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        directory = null;
        closeFile();
    }
}
