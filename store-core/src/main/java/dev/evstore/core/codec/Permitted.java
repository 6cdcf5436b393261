package dev.evstore.core.codec;

import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The classes whose instances are of a sealed type. */
final class Permitted {

    private Permitted() {}

    /**
     * All of them, those of sealed types that it permits included.
     *
     * @throws IllegalArgumentException if it is not sealed, or something it permits is open
     */
    static <E> Set<Class<? extends E>> of(Class<E> sealed) {
        if (!sealed.isSealed()) {
            throw new IllegalArgumentException(sealed + " is not sealed; name its classes by type(…)");
        }
        Set<Class<? extends E>> found = new LinkedHashSet<>();
        Deque<Class<? extends E>> open = new ArrayDeque<>(List.of(sealed));
        while (!open.isEmpty()) {
            Class<? extends E> type = open.pop();
            int modifiers = type.getModifiers();
            if (type.isSealed() && !type.isEnum()) {
                for (Class<?> permitted : type.getPermittedSubclasses()) {
                    open.push(permitted.asSubclass(sealed));
                }
            } else if (!Modifier.isFinal(modifiers) && !type.isEnum()) {
                throw new IllegalArgumentException(
                        type + " is neither sealed nor final, so " + sealed + " may have events that nobody can name");
            }
            if (!type.isInterface() && (!Modifier.isAbstract(modifiers) || type.isEnum())) {
                found.add(type);
            }
        }
        return found;
    }
}
