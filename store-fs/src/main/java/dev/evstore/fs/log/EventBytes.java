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

    /** What is read at once, unless more is asked for. */
    private static final int WINDOW = 16 << 10;

    private final EventFiles files;
    private @Nullable Path path;
    private String inDirectory = "";
    private String inName = "";
    private @Nullable FileChannel channel;
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
    public byte[] read(String directory, String name, long offset, int length) throws IOException {
        Path wanted = path;
        if (wanted == null || !name.equals(inName) || !directory.equals(inDirectory)) {
            close();
            wanted = files.path(directory, name);
            path = wanted;
            inDirectory = directory;
            inName = name;
        }
        if (offset < start || offset + length > start + window.length) {
            fill(directory, name, wanted, offset, length);
        }
        int from = (int) (offset - start);
        return Arrays.copyOfRange(window, from, from + length);
    }

    private void fill(String directory, String name, Path file, long offset, int length) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    fillOnce(directory, name, file, offset, length);
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

    private void fillOnce(String directory, String name, Path file, long offset, int length) throws IOException {
        if (channel == null) {
            files.requireOwn(directory, name);
            channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(length, WINDOW));
        while (buffer.position() < length) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException(file + " ends before byte " + (offset + length));
            }
        }
        start = offset;
        window = Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public void close() throws IOException {
        path = null;
        window = new byte[0];
        if (channel != null) {
            FileChannel open = channel;
            channel = null;
            open.close();
        }
    }
}
