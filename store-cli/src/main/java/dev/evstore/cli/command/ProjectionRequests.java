package dev.evstore.cli.command;

import dev.evstore.cli.ExitCode;
import dev.evstore.cli.Session;
import dev.evstore.core.id.EventId;
import dev.evstore.fs.Projections;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What can be asked of projections: remembered, and done by whoever works on them. */
final class ProjectionRequests {

    private ProjectionRequests() {}

    /** Asks the same of some. */
    abstract static class Request extends ProjectionsCommand {

        private final String request;
        private final BiConsumer<Projections, String> ask;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "The projections.")
        private List<String> names = List.of();

        Request(String request, BiConsumer<Projections, String> ask) {
            this.request = request;
            this.ask = ask;
        }

        @Override
        final int run(Session session, OpenProjections projections) {
            names.forEach(projections::require); // all are there, or nothing is asked
            for (String name : names) {
                ask.accept(projections.kept(), name);
                session.print(session.renderer().asked(name, request));
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "rebuild",
            description = {
                "Has projections built anew, beside what they serve; also the way out of a failure.",
                "What is asked is remembered until it is done, by a host that runs now or later."
            },
            footer = {"", "Examples:", "  evstore projection rebuild issues"})
    static final class Rebuild extends Request {
        Rebuild() {
            super("rebuild", Projections::rebuild);
        }
    }

    @Command(
            name = "retry",
            description = "Has projections try again what failed, parked events included.",
            footer = {"", "Examples:", "  evstore projection retry issues"})
    static final class Retry extends Request {
        Retry() {
            super("retry", Projections::retry);
        }
    }

    @Command(
            name = "pause",
            description = "Has projections go no further until they are told to resume.",
            footer = {"", "Examples:", "  evstore projection pause issues"})
    static final class Pause extends Request {
        Pause() {
            super("pause", Projections::pause);
        }
    }

    @Command(
            name = "resume",
            description = "Has projections go on.",
            footer = {"", "Examples:", "  evstore projection resume issues"})
    static final class Resume extends Request {
        Resume() {
            super("resume", Projections::resume);
        }
    }

    @Command(
            name = "skip",
            aliases = "drop",
            description = {
                "Has a projection leave events out, from now on and for good; also how parked ones are dropped.",
                "It says so from then on: its rows may differ from those of others."
            },
            footer = {
                "",
                "Examples:",
                "  evstore projection status issues          (names the events that could not be folded)",
                "  evstore projection skip issues TX/0"
            })
    static final class Skip extends ProjectionsCommand {

        @Parameters(index = "0", paramLabel = "NAME", description = "The projection.")
        private String name;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "EVENT", description = "The events, as TX/ORDINAL.")
        private List<String> events = List.of();

        @Override
        int run(Session session, OpenProjections projections) {
            List<EventId> ids = events.stream().map(EventId::of).toList();
            projections.require(name);
            ids.forEach(projections::require);
            for (EventId id : ids) {
                projections.kept().skip(name, id);
                session.print(session.renderer().asked(name, "skip " + id));
            }
            return ExitCode.DONE;
        }
    }
}
