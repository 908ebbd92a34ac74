package io.offshoot.workflows;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Stands for what a step will have brought once it has run. Two of the same type and different variants differ in every
 * member, so whatever is made of them shows what depends on it. Pure.
 */
final class MadeUp {

    private MadeUp() {}

    /** @throws IllegalArgumentException if the type has a member of a kind that is not known here */
    static Record of(Class<? extends Record> type, int variant) {
        var members = type.getRecordComponents();
        var types = Arrays.stream(members).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = Arrays.stream(members)
                .map(member -> value(member.getGenericType(), variant))
                .toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalArgumentException("No values can be made up for " + type.getName(), e);
        }
    }

    private static Object value(Type type, int variant) {
        if (type instanceof ParameterizedType several) {
            return several.getRawType() == Map.class
                    ? Map.of()
                    : List.of(value(several.getActualTypeArguments()[0], variant));
        }
        if (type == String.class) {
            return "unknown-" + variant;
        }
        if (type == URI.class) {
            return URI.create("https://unknown-%d.invalid/".formatted(variant));
        }
        if (type == long.class || type == Long.class) {
            return (long) variant;
        }
        if (type == int.class || type == Integer.class) {
            return variant;
        }
        if (type == boolean.class || type == Boolean.class) {
            return variant % 2 == 0;
        }
        if (type instanceof Class<?> kind && kind.isEnum()) {
            return kind.getEnumConstants()[variant % kind.getEnumConstants().length];
        }
        if (type instanceof Class<?> kind && kind.isRecord()) {
            return of(kind.asSubclass(Record.class), variant);
        }
        throw new IllegalArgumentException("No value can be made up for " + type);
    }
}
