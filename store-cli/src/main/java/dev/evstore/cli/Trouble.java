package dev.evstore.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with a problem for the user to read. */
public final class Trouble extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public Trouble(Problem problem) {
        this(problem, null);
    }

    public Trouble(Problem problem, @Nullable Throwable cause) {
        super(problem.what() + " where: " + problem.where(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
