package dev.evstore.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package may lean on which: the arrows, each a line. */
final class ArchitectureTest {

    private static final String ROOT = "dev.evstore.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.evstore");

    @Test
    void everyPackageLeansOnlyOnWhatItsLineNames() {
        mayUse("core.id");
        mayUse("core.codec", "core", "core.id", "core.event");
        mayUse("core.jackson", "core.codec", "core.id");
        mayUse("core.decide", "core", "core.codec", "core.id", "core.event", "core.history");
        mayUse("core.event", "core.id");
        mayUse("core.history", "core.id", "core.event");
        mayUse("core.format", "core.id", "core.event", "core.history");
        mayUse("core.reconcile", "core.id", "core.event", "core.history");
        mayUse(
                "core.merge",
                "core",
                "core.id",
                "core.event",
                "core.history",
                "core.format",
                "core.append",
                "core.reconcile");
        mayUse("core.append", "core", "core.id", "core.event", "core.history", "core.format");
        mayUse("core.subscription", "core", "core.id", "core.event");
        mayUse(
                "core",
                "core.id",
                "core.event",
                "core.history",
                "core.format",
                "core.append",
                "core.reconcile",
                "core.merge",
                "core.subscription");
        mayUse("fs.layout", "core..");
        mayUse("fs.disk", "core..", "fs.layout");
        mayUse("fs.log", "core..", "fs.layout", "fs.disk");
        mayUse("fs.index", "core..", "fs.layout", "fs.disk", "fs.log", "fs.worktree");
        mayUse("fs.subscription", "core..", "fs.layout", "fs.disk", "fs.index");
        mayUse("fs.replica", "core..", "fs.layout", "fs.disk");
        mayUse("fs.worktree", "core..", "fs.layout");
        mayUse("fs.git", "core..", "fs.layout", "fs.disk", "fs.worktree");
        mayUse("fs.http", "core..", "fs");
        mayUse("fs.metrics", "core..", "fs");
        mayUse("cli.render", "core..", "fs", "fs.http", "cli");
        mayUse("cli.declared", "core..", "cli", "cli.input");
        mayUse("cli.input", "core..", "cli");
        mayUse("cli.resolver", "core..", "cli", "cli.input", "cli.render");
    }

    @Test
    void modulesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "fs..", ROOT + "cli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "fs..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "cli..")
                .check(CLASSES);
    }

    @Test
    void librariesAreSeenWhereTheyBelong() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "core.format", ROOT + "core.jackson", ROOT + "fs.http", ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.jackson")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson.databind..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "fs.index", ROOT + "fs.projection", ROOT + "fs.subscription")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.sqlite..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli.declared")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson.dataformat..", "org.snakeyaml..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "fs.metrics", ROOT + "cli.command")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.id")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void oneRoomSeesJGit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "fs.git")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jgit..")
                .check(CLASSES);
    }

    @Test
    void theClassesOfAllModulesAreLookedAt() {
        for (String module : new String[] {"core", "fs", "cli"}) {
            assertFalse(CLASSES.stream().noneMatch(c -> c.getPackageName().equals(ROOT + module)), module);
        }
    }

    /**
     * Of our own packages this one uses itself and those named ({@code ..}: and those below), and nothing else. A package
     * that is not there yet uses none.
     */
    private static void mayUse(String from, String... allowed) {
        Set<String> others = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT + from))
                .filter(name -> Arrays.stream(allowed).noneMatch(may -> covers(ROOT + may, name)))
                .collect(Collectors.toSet());
        noClasses()
                .that()
                .resideInAPackage(ROOT + from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean covers(String allowed, String name) {
        return allowed.endsWith("..")
                ? (name + ".").startsWith(allowed.substring(0, allowed.length() - 1))
                : name.equals(allowed);
    }
}
