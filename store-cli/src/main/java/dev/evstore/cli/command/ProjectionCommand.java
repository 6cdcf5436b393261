package dev.evstore.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "projection",
        description = {
            "Read models: where they stand, what is in them, and what becomes of them.",
            "Those that the file projections.yaml beside the events declares need no program; those of an application can"
                    + " be looked at, and asked for something that its host does."
        },
        footer = {
            "",
            "A declaration (also .yml, or .json):",
            "  projections:",
            "    - name: issues",
            "      key: stream                  # or /a/pointer into the payload, type, at, id; single",
            "      streams: \"issue-*\"           # also types: and tags:; all events if nothing is said",
            "      fields:",
            "        title:    { on: [Opened, Renamed], set: /title }",
            "        state:",
            "          - { on: Opened, value: open }",
            "          - { on: Closed, value: closed }",
            "        comments: { on: Commented, count: true }",
            "        minutes:  { on: Worked, sum: /minutes }      # or subtract, min, max",
            "        labels:   { on: Labelled, append: /label, limit: 100 }   # the first 100; last: the newest",
            "        touched:  { on: \"*\", max: at }               # every type the field names nowhere else",
            "      remove: Deleted              # ends the row",
            "      errors: park                 # events that can't be folded; or skip, stop",
            "",
            "Examples:",
            "  evstore projection status",
            "  evstore projection show issues issue-17",
            "  evstore projection rebuild issues"
        },
        subcommands = {
            ProjectionListCommand.class,
            ProjectionStatusCommand.class,
            ProjectionShowCommand.class,
            ProjectionRequests.Rebuild.class,
            ProjectionRequests.Retry.class,
            ProjectionRequests.Skip.class,
            ProjectionRequests.Pause.class,
            ProjectionRequests.Resume.class,
            ProjectionForgetCommand.class
        })
final class ProjectionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        throw new ParameterException(commandLine, "a command is missing: list, status, show, rebuild, ...");
    }
}
