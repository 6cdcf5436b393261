package dev.evstore.fs.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A connection: asks once, gets one answer, goes. For the loop's thread alone. */
final class Client {

    /** What a client may send behind its request before it is cut off; without this it might lose its answer. */
    private static final int IGNORED_BYTES = 64 << 10;

    private enum State {
        ASKING,
        WAITING,
        TAKING,
        GOING
    }

    final long deadline;
    private final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer in;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private State state = State.ASKING;
    private int searched;
    private int ignored;

    Client(SocketChannel channel, SelectionKey key, int headBytes, long deadline) {
        this.channel = channel;
        this.key = key;
        this.in = ByteBuffer.allocate(headBytes);
        this.deadline = deadline;
    }

    boolean asking() {
        return state == State.ASKING;
    }

    /** Whether its answer is on the way. */
    boolean taking() {
        return state == State.TAKING;
    }

    boolean closed() {
        return !channel.isOpen();
    }

    /** Bytes of its answer that it has not taken. */
    long untaken() {
        return out.remaining();
    }

    /**
     * Reads what is there.
     *
     * @return the head of its request once it is whole; null before, and afterwards
     * @throws Refused the head is too long
     */
    byte @Nullable [] read() throws IOException, Refused {
        if (state == State.GOING) {
            ByteBuffer rest = in.clear();
            int read = channel.read(rest);
            ignored += Math.max(0, read);
            if (read < 0 || ignored > IGNORED_BYTES) {
                close();
            }
            return null;
        }
        if (state != State.ASKING) {
            return null;
        }
        if (channel.read(in) < 0) {
            close();
            return null;
        }
        byte[] bytes = in.array();
        for (; searched + 3 < in.position(); searched++) {
            if (bytes[searched] == '\r'
                    && bytes[searched + 1] == '\n'
                    && bytes[searched + 2] == '\r'
                    && bytes[searched + 3] == '\n') {
                wait(State.WAITING);
                return Arrays.copyOf(bytes, searched);
            }
        }
        if (!in.hasRemaining()) {
            wait(State.WAITING);
            throw new Refused(
                    431, "too-large", "a request's head has at most " + in.capacity() + " bytes", "ask for less");
        }
        return null;
    }

    private void wait(State next) {
        state = next;
        key.interestOps(0);
    }

    /** Begins to send the answer. */
    void answer(ByteBuffer bytes) throws IOException {
        out = bytes;
        state = State.TAKING;
        write();
    }

    /** Sends as much as the client takes. */
    void write() throws IOException {
        channel.write(out);
        if (out.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
        } else {
            channel.shutdownOutput();
            state = State.GOING;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            key.cancel(); // the connection is as good as gone: nobody is there to be told
        }
    }
}
