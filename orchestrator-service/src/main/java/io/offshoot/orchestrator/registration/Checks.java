package io.offshoot.orchestrator.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.Problem.Invalid;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.orchestrator.lane.ConnectionRow;
import io.offshoot.workflows.Workflow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds all that is wrong with what a client asks for, in one pass. Pure. */
final class Checks {

    /** Names are built from it, and Vercel takes no name with three hyphens in a row. */
    private static final Pattern APP_ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private static final int LONGEST_APP_ID = 63;
    private static final char NUL = 0;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final int MOST_APPS = 100;

    /** Marks are variables too: one of that name would make our own project somebody else's. */
    private static final String OURS = "OFFSHOOT_";

    private final Schemas schemas;
    private final Workflow workflow;
    private final List<Invalid> errors = new ArrayList<>();
    private final List<Invalid> secrets = new ArrayList<>();
    private final Set<String> sealed = new HashSet<>();

    private Checks(Schemas schemas, Workflow workflow) {
        this.schemas = schemas;
        this.workflow = workflow;
    }

    /** @throws ProblemException if anything is wrong, naming every place */
    static void check(Schemas schemas, Workflow workflow, CreateDeployment asked) {
        var checks = new Checks(schemas, workflow);
        checks.sealed(asked.secrets());
        checks.connections(asked.connections());
        checks.variables(asked.envVars(), "/envVars");
        checks.value(asked.config(), "/config");
        checks.errors.addAll(schemas.config(workflow, orEmpty(asked.config()), "/config"));
        checks.apps(asked.apps());
        checks.complain();
    }

    /**
     * Looks whether the hub has the connections that its deployment would use. Providers whose executors never said what
     * they have are passed over: they will refuse what they do not know.
     *
     * @param named by entry of the deployment's connections; the hub's own name where none is named
     * @param announced the providers whose executors have said what they have
     * @throws ProblemException if one is not the hub's, naming every such place; whether it is another's is not told. Also
     *     if the provider refuses one by now
     */
    static void check(
            String hub,
            Workflow workflow,
            Map<String, String> named,
            Collection<String> announced,
            Collection<ConnectionRow> connections) {
        var unknown = workflow.connections().entrySet().stream()
                .filter(entry -> announced.contains(entry.getValue()))
                .filter(entry -> connections.stream()
                        .noneMatch(known -> known.key.provider().equals(entry.getValue())
                                && known.key.name().equals(named.getOrDefault(entry.getKey(), hub))))
                .map(entry -> new Invalid(
                        "/connections/" + escape(entry.getKey()),
                        "the hub has no %s connection of the name %s"
                                .formatted(entry.getValue(), named.getOrDefault(entry.getKey(), hub))))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.UNKNOWN_CONNECTION, unknown.get(0).detail(), unknown));
        }
        var refused = workflow.connections().entrySet().stream()
                .flatMap(entry -> connections.stream()
                        .filter(known -> known.refused != null
                                && known.key.provider().equals(entry.getValue())
                                && known.key.name().equals(named.getOrDefault(entry.getKey(), hub)))
                        .map(known -> new Invalid("/connections/" + escape(entry.getKey()), known.refused)))
                .toList();
        if (!refused.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.CONNECTION_REFUSED, refused.get(0).detail(), refused));
        }
    }

    /** @throws ProblemException if the arguments of a trigger are wrong, naming every place */
    static void check(Schemas schemas, Workflow workflow, String inputKey, ObjectNode args, ObjectNode part) {
        var checks = new Checks(schemas, workflow);
        checks.value(args, "/args");
        checks.errors.addAll(schemas.part(workflow, inputKey, part, "/args"));
        checks.complain();
    }

    private void complain() {
        if (!secrets.isEmpty()) {
            throw new ProblemException(Problem.of(
                    ProblemType.SECRET_NOT_ACCEPTED,
                    "No value can be secret there; only environment variables can.",
                    secrets));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    errors.size() == 1 ? "One value does not fit." : "%d values do not fit.".formatted(errors.size()),
                    errors));
        }
    }

    private void connections(Map<String, String> connections) {
        if (connections == null) {
            return;
        }
        var used = workflow.connections().keySet();
        connections.forEach((entry, name) -> {
            var pointer = "/connections/" + escape(entry);
            if (!used.contains(entry)) {
                errors.add(
                        new Invalid(pointer, "the workflow uses no such provider; it uses " + String.join(", ", used)));
            } else if (name == null || !ID.matcher(name).matches()) {
                errors.add(new Invalid(pointer, "must be the name of a connection"));
            }
        });
    }

    private void apps(List<CreateDeployment.App> apps) {
        if (apps == null || apps.isEmpty() || apps.size() > MOST_APPS) {
            errors.add(new Invalid("/apps", "must have between 1 and %d apps".formatted(MOST_APPS)));
            return;
        }
        var ids = new HashSet<String>();
        for (int i = 0; i < apps.size(); i++) {
            var pointer = "/apps/" + i;
            var app = apps.get(i);
            if (app == null) {
                errors.add(new Invalid(pointer, "must be an object"));
                continue;
            }
            if (app.appId() == null
                    || app.appId().length() > LONGEST_APP_ID
                    || !APP_ID.matcher(app.appId()).matches()) {
                errors.add(new Invalid(
                        pointer + "/appId",
                        "must be 1 to 63 small letters and digits, with single hyphens between them"));
            } else if (!ids.add(app.appId())) {
                errors.add(new Invalid(pointer + "/appId", "is the id of another app too"));
            }
            value(app.input(), pointer + "/input");
            errors.addAll(schemas.input(workflow, orEmpty(app.input()), pointer + "/input"));
            variables(app.envVars(), pointer + "/envVars");
        }
    }

    private void variables(Map<String, JsonNode> variables, String pointer) {
        if (variables == null) {
            return;
        }
        variables.forEach((name, value) -> {
            var place = pointer + "/" + escape(name);
            if (!VARIABLE.matcher(name).matches()) {
                errors.add(new Invalid(place, "is no name for a variable: letters, digits and _, no digit first"));
            } else if (name.startsWith(OURS)) {
                errors.add(new Invalid(place, "begins with %s, as only our own variables do".formatted(OURS)));
            } else if (secretName(value).isPresent()) {
                if (!sealed.contains(secretName(value).get())) {
                    errors.add(new Invalid(place, "refers to a secret that did not come along"));
                }
            } else if (isMarkedSecret(value)) {
                secrets.add(new Invalid(place, "is marked secret"));
            } else if (value == null || !value.isTextual()) {
                errors.add(new Invalid(place, "must be text, or {\"secret\": \"NAME\"}"));
            } else {
                value(value, place);
            }
        });
    }

    /** Looks for values that are marked secret or that cannot be stored, however deep. */
    private void value(JsonNode value, String pointer) {
        if (isMarkedSecret(value)) {
            secrets.add(new Invalid(pointer, "is marked secret"));
        } else if (value != null && value.isTextual() && value.textValue().indexOf(NUL) >= 0) {
            errors.add(new Invalid(pointer, "has the character U+0000, which cannot be kept"));
        } else if (value instanceof ObjectNode object) {
            object.properties().forEach(member -> value(member.getValue(), pointer + "/" + escape(member.getKey())));
        } else if (value != null && value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                value(value.get(i), pointer + "/" + i);
            }
        }
    }

    /** The secret that a variable refers to; empty if it refers to none. */
    static Optional<String> secretName(JsonNode value) {
        return value != null
                        && value.isObject()
                        && value.size() == 1
                        && value.path("secret").isTextual()
                ? Optional.of(value.path("secret").textValue())
                : Optional.empty();
    }

    private void sealed(List<SealedSecret> came) {
        if (came != null) {
            came.forEach(secret -> sealed.add(secret.name()));
        }
    }

    private static boolean isMarkedSecret(JsonNode value) {
        return value != null && value.isObject() && value.path("secret").asBoolean(false);
    }

    private static JsonNode orEmpty(ObjectNode value) {
        return value == null ? JsonNodeFactory.instance.objectNode() : value;
    }

    private static String escape(String member) {
        return member.replace("~", "~0").replace("/", "~1");
    }
}
