package dev.evstore.cli.resolver;

import dev.evstore.cli.Problem;
import dev.evstore.cli.Trouble;
import dev.evstore.core.reconcile.ForkContext;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** A resolver that is looked up as a service by the name of its class. Its classes are there until it is closed. */
public final class ClassResolver implements Resolver, AutoCloseable {

    private final URLClassLoader loader;
    private final Resolver found;

    private ClassResolver(URLClassLoader loader, Resolver found) {
        this.loader = loader;
        this.found = found;
    }

    /**
     * Looks it up.
     *
     * @param name the class's full name
     * @param classpath directories and jars beside evstore's own classes, separated as the system does; null for none
     * @throws Trouble if it is not there
     */
    public static ClassResolver of(String name, @Nullable String classpath) {
        URLClassLoader loader = new URLClassLoader(urls(classpath), Resolver.class.getClassLoader());
        try {
            Optional<Resolver> found = ServiceLoader.load(Resolver.class, loader).stream()
                    .filter(provider -> provider.type().getName().equals(name))
                    .findFirst()
                    .map(ServiceLoader.Provider::get);
            if (found.isPresent()) {
                return new ClassResolver(loader, found.get());
            }
        } catch (ServiceConfigurationError e) {
            throw missing(name, String.valueOf(e.getMessage()), e);
        }
        throw missing(name, "no service of that name", null);
    }

    private static Trouble missing(String name, String why, @Nullable Throwable cause) {
        Problem problem = Problem.usage(
                "The class that is to resolve forks can't be used.",
                "--resolver " + name + ": " + why,
                "name it in META-INF/services/" + Resolver.class.getName() + " of a jar or directory of --classpath");
        return cause == null ? new Trouble(problem) : new Trouble(problem, cause);
    }

    private static URL[] urls(@Nullable String classpath) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classpath == null ? new String[0] : classpath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (entry.isEmpty() || !Files.exists(path)) {
                throw new Trouble(Problem.usage(
                        "A part of the class path is not there.", "--classpath: " + entry, "check the path"));
            }
            try {
                urls.add(path.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("--classpath: " + entry, e);
            }
        }
        return urls.toArray(URL[]::new);
    }

    @Override
    public Resolution resolve(ForkContext fork) {
        return found.resolve(fork);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
