package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What GitHub Actions of a repository are given. Secrets are really opened, and then kept only as a digest. */
public final class SecretsAndVariables {

    private static final int LARGEST = 48 * 1024;

    /** @param valueDigest SHA-256 in hexadecimal digits */
    private record Secret(long repositoryId, String name, String valueDigest, Instant createdAt, Instant updatedAt) {}

    private record Variable(long repositoryId, String name, String value, Instant createdAt, Instant updatedAt) {}

    private record Key(long repositoryId, String id, SealedBox box) {}

    private final Table<Secret> secrets;
    private final Table<Variable> variables;
    private final Table<Key> keys;
    private final Access access;
    private final Clock clock;

    SecretsAndVariables(Store store, Access access, Clock clock) {
        this.secrets = store.table("repository-secrets", Secret.class);
        this.variables = store.table("repository-variables", Variable.class);
        this.keys = store.table("secret-keys", Key.class);
        this.access = access;
        this.clock = clock;
    }

    void addTo(Routes<Caller> routes) {
        String actions = "/repos/{owner}/{repo}/actions";
        routes.on("GET", actions + "/secrets", this::listSecrets)
                .on("GET", actions + "/secrets/public-key", this::publicKey)
                .on("GET", actions + "/secrets/{name}", this::secret)
                .on("PUT", actions + "/secrets/{name}", this::putSecret)
                .on("DELETE", actions + "/secrets/{name}", this::deleteSecret)
                .on("GET", actions + "/variables", this::listVariables)
                .on("POST", actions + "/variables", this::createVariable)
                .on("GET", actions + "/variables/{name}", this::variable)
                .on("PATCH", actions + "/variables/{name}", this::updateVariable)
                .on("DELETE", actions + "/variables/{name}", this::deleteVariable);
    }

    /** For tests: the SHA-256 of each secret by its name. */
    public Map<String, String> secretDigests(Repository repository) {
        var digests = new TreeMap<String, String>();
        secretsOf(repository).forEach(secret -> digests.put(secret.name(), secret.valueDigest()));
        return digests;
    }

    public Map<String, String> variables(Repository repository) {
        var values = new TreeMap<String, String>();
        variablesOf(repository).forEach(variable -> values.put(variable.name(), variable.value()));
        return values;
    }

    void forget(Repository repository) {
        secrets.removeIf(secret -> secret.repositoryId() == repository.id());
        variables.removeIf(variable -> variable.repositoryId() == repository.id());
        keys.removeIf(key -> key.repositoryId() == repository.id());
    }

    void clear() {
        secrets.removeIf(secret -> true);
        variables.removeIf(variable -> true);
        keys.removeIf(key -> true);
    }

    private Answer publicKey(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path, "secrets");
        Key key = keys.get(String.valueOf(repository.id())).orElseGet(() -> newKey(repository));
        return Answer.ok(GitHubJson.object()
                .put("key_id", key.id())
                .put("key", Base64.getEncoder().encodeToString(key.box().publicKey())));
    }

    private Key newKey(Repository repository) {
        Key key = new Key(
                repository.id(), String.valueOf(568_250_167_242_549_743L + repository.id()), SealedBox.withNewKeys());
        keys.put(String.valueOf(repository.id()), key);
        return key;
    }

    private Answer putSecret(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "secrets");
        String name = checkedName(path.get("name"), "Secret");
        String sealed = call.text("encrypted_value").orElseThrow(() -> Errors.missing("encrypted_value"));
        String keyId = call.text("key_id").orElseThrow(() -> Errors.missing("key_id"));
        byte[] value = keys.get(String.valueOf(repository.id()))
                .filter(key -> key.id().equals(keyId))
                .flatMap(key -> decode(sealed).flatMap(key.box()::open))
                .orElseThrow(() ->
                        Errors.refusal(422, "Bad request - could not be decrypted with the key of this repository"));
        if (value.length > LARGEST) {
            throw Errors.refusal(422, "Secret value is too large");
        }
        Optional<Secret> old = secrets.get(key(repository, name));
        Instant now = clock.instant();
        secrets.put(
                key(repository, name),
                new Secret(
                        repository.id(),
                        name,
                        digest(value),
                        old.map(Secret::createdAt).orElse(now),
                        now));
        Answer answer = old.isPresent() ? Answer.noContent() : Answer.of(201, GitHubJson.object());
        return answer.effect("secret " + name + " of " + repository.fullName() + " set", name);
    }

    private Answer secret(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path, "secrets");
        return Answer.ok(json(secrets.get(key(repository, path.get("name"))).orElseThrow(Errors::notFound)));
    }

    private Answer listSecrets(Caller caller, Call call, Parameters path) {
        List<Secret> all = secretsOf(access.readable(caller, path, "secrets"));
        ObjectNode json = GitHubJson.object().put("total_count", all.size());
        ArrayNode list = json.putArray("secrets");
        all.forEach(secret -> list.add(json(secret)));
        return Answer.ok(json);
    }

    private Answer deleteSecret(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "secrets");
        String key = key(repository, path.get("name"));
        Secret secret = secrets.get(key).orElseThrow(Errors::notFound);
        secrets.remove(key);
        return Answer.noContent().effect("secret of " + repository.fullName() + " deleted", secret.name());
    }

    private Answer createVariable(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "actions_variables");
        String name = checkedName(call.text("name").orElseThrow(() -> Errors.missing("name")), "Variable");
        String value = checkedValue(call.text("value").orElseThrow(() -> Errors.missing("value")));
        if (variables.get(key(repository, name)).isPresent()) {
            throw Errors.refusal(409, "Already exists - Variable already exists");
        }
        Instant now = clock.instant();
        variables.put(key(repository, name), new Variable(repository.id(), name, value, now, now));
        return Answer.of(201, GitHubJson.object())
                .effect("variable " + name + " of " + repository.fullName() + " set", name);
    }

    private Answer updateVariable(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "actions_variables");
        Variable old = variables.get(key(repository, path.get("name"))).orElseThrow(Errors::notFound);
        String name = checkedName(call.text("name").orElse(old.name()), "Variable");
        if (!name.equals(old.name()) && variables.get(key(repository, name)).isPresent()) {
            throw Errors.refusal(409, "Already exists - Variable already exists");
        }
        String value = checkedValue(call.text("value").orElse(old.value()));
        variables.remove(key(repository, old.name()));
        variables.put(
                key(repository, name), new Variable(repository.id(), name, value, old.createdAt(), clock.instant()));
        return Answer.noContent().effect("variable " + name + " of " + repository.fullName() + " set", name);
    }

    private Answer variable(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path, "actions_variables");
        return Answer.ok(json(variables.get(key(repository, path.get("name"))).orElseThrow(Errors::notFound)));
    }

    private Answer listVariables(Caller caller, Call call, Parameters path) {
        List<Variable> all = variablesOf(access.readable(caller, path, "actions_variables"));
        ObjectNode json = GitHubJson.object().put("total_count", all.size());
        ArrayNode list = json.putArray("variables");
        all.forEach(variable -> list.add(json(variable)));
        return Answer.ok(json);
    }

    private Answer deleteVariable(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "actions_variables");
        String key = key(repository, path.get("name"));
        Variable variable = variables.get(key).orElseThrow(Errors::notFound);
        variables.remove(key);
        return Answer.noContent().effect("variable of " + repository.fullName() + " deleted", variable.name());
    }

    private List<Secret> secretsOf(Repository repository) {
        return secrets.values().stream()
                .filter(secret -> secret.repositoryId() == repository.id())
                .toList();
    }

    private List<Variable> variablesOf(Repository repository) {
        return variables.values().stream()
                .filter(variable -> variable.repositoryId() == repository.id())
                .toList();
    }

    private static ObjectNode json(Secret secret) {
        return GitHubJson.object()
                .put("name", secret.name())
                .put("created_at", GitHubJson.time(secret.createdAt()))
                .put("updated_at", GitHubJson.time(secret.updatedAt()));
    }

    private static ObjectNode json(Variable variable) {
        return GitHubJson.object()
                .put("name", variable.name())
                .put("value", variable.value())
                .put("created_at", GitHubJson.time(variable.createdAt()))
                .put("updated_at", GitHubJson.time(variable.updatedAt()));
    }

    /** GitHub keeps names in capital letters. */
    private static String checkedName(String asked, String kind) {
        String name = asked.toUpperCase(Locale.ROOT);
        if (!name.matches("[A-Z_][A-Z0-9_]*") || name.startsWith("GITHUB_")) {
            Refusal refusal = Errors.refusal(
                    422,
                    kind + " names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_)."
                            + " Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_),"
                            + " and not with GITHUB_.");
            throw refusal;
        }
        return name;
    }

    private static String checkedValue(String value) {
        if (value.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
            throw Errors.refusal(422, "Variable value is too large");
        }
        return value;
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String digest(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String key(Repository repository, String name) {
        return repository.id() + "/" + name.toUpperCase(Locale.ROOT);
    }
}
