package dev.evstore.core.codec;

import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shape of a class as text: names and types of what it consists of, and of what those consist of. Two classes of one
 * shape read each other's JSON; that the text differs says nothing else than that somebody changed something.
 */
public final class Shape {

    private final Set<Class<?>> described = new LinkedHashSet<>();
    private final StringBuilder text = new StringBuilder();

    private Shape() {}

    /** The shape of a type and of everything of the application's that it is made of. */
    public static String of(Class<?> type) {
        Shape shape = new Shape();
        shape.describe(type);
        return shape.text.toString();
    }

    private void describe(Type type) {
        if (type instanceof ParameterizedType generic) {
            describe(generic.getRawType());
            for (Type argument : generic.getActualTypeArguments()) {
                describe(argument);
            }
        } else if (type instanceof GenericArrayType array) {
            describe(array.getGenericComponentType());
        } else if (type instanceof Class<?> plain && plain.isArray()) {
            describe(plain.getComponentType());
        } else if (type instanceof Class<?> plain && !isTheJdks(plain) && described.add(plain)) {
            describeOwn(plain);
        }
    }

    private void describeOwn(Class<?> type) {
        text.append(type.getName());
        if (type.isEnum()) {
            text.append(Arrays.toString(type.getEnumConstants())).append(';');
            return;
        }
        Class<?>[] permitted = type.isSealed() ? type.getPermittedSubclasses() : new Class<?>[0];
        Arrays.sort(permitted, Comparator.comparing(Class::getName));
        if (type.isRecord()) {
            RecordComponent[] components = type.getRecordComponents();
            text.append(Arrays.stream(components)
                    .map(component -> component.getName() + ":"
                            + component.getGenericType().getTypeName())
                    .collect(Collectors.joining(",", "(", ");")));
            Arrays.stream(components).map(RecordComponent::getGenericType).forEach(this::describe);
        } else if (permitted.length > 0) {
            text.append(Arrays.stream(permitted).map(Class::getName).collect(Collectors.joining("|", "[", "];")));
        } else {
            Field[] fields = Arrays.stream(type.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                    .sorted(Comparator.comparing(Field::getName))
                    .toArray(Field[]::new);
            text.append(Arrays.stream(fields)
                    .map(field -> field.getName() + ":" + field.getGenericType().getTypeName())
                    .collect(Collectors.joining(",", "{", "};")));
            Arrays.stream(fields).map(Field::getGenericType).forEach(this::describe);
        }
        for (Class<?> one : permitted) {
            describe(one);
        }
    }

    private static boolean isTheJdks(Class<?> type) {
        return type.isPrimitive() || type.getName().startsWith("java.");
    }
}
