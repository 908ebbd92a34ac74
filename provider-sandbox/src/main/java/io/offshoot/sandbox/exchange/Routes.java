package io.offshoot.sandbox.exchange;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operations of one provider. In a path, {@code {name}} stands for one segment and {@code {name+}} for all that are
 * left, joined by slashes, however the caller wrote those: {@code heads/main} and {@code heads%2Fmain} are the same.
 *
 * @param <C> what an operation gets to know about its caller
 */
public final class Routes<C> {

    /** One operation. */
    public interface Operation<C> {
        Answer answer(C caller, Call call, Parameters parameters);
    }

    /** The decoded parts of a path. */
    public record Parameters(Map<String, String> values) {

        public String get(String name) {
            return values.get(name);
        }
    }

    /** An operation with the parameters that the call's path has for it. */
    public record Match<C>(Known known, Operation<C> operation, Parameters parameters) {}

    /** An operation's method and its path as it was given. */
    public record Known(String method, String path) {

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private record Route<C>(Known known, String method, List<String> pattern, Operation<C> operation) {}

    private final List<Route<C>> routes = new ArrayList<>();

    public Routes<C> on(String method, String path, Operation<C> operation) {
        routes.add(new Route<>(new Known(method, path), method, segments(path), operation));
        return this;
    }

    public Optional<Match<C>> find(Call call) {
        List<String> path = segments(call.path());
        for (Route<C> route : routes) {
            if (route.method().equals(call.method())) {
                var values = match(route.pattern(), path);
                if (values.isPresent()) {
                    return Optional.of(new Match<>(route.known(), route.operation(), new Parameters(values.get())));
                }
            }
        }
        return Optional.empty();
    }

    /** All operations. */
    public Set<Known> known() {
        return routes.stream().map(Route::known).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Optional<Map<String, String>> match(List<String> pattern, List<String> path) {
        var values = new HashMap<String, String>();
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.endsWith("+}")) {
                String rest = path.stream().skip(i).map(Routes::decode).collect(Collectors.joining("/"));
                values.put(wanted.substring(1, wanted.length() - 2), rest);
                return Optional.of(values);
            }
            if (i >= path.size()) {
                return Optional.empty();
            }
            if (wanted.startsWith("{")) {
                values.put(wanted.substring(1, wanted.length() - 1), decode(path.get(i)));
            } else if (!wanted.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return pattern.size() == path.size() ? Optional.of(values) : Optional.empty();
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }
}
