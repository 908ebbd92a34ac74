package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.secret.SealedSecret;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables of an app: the deployment's, and in their place the app's own of the same name.
 *
 * @param plain by name
 * @param secret the variable's name to that of the deployment's secret
 */
public record Variables(Map<String, String> plain, Map<String, String> secret) {

    public static Variables of(Deployment deployment, App app) {
        var plain = new HashMap<>(deployment.env);
        var secret = new HashMap<>(deployment.envSecrets);
        plain.keySet().removeAll(app.envSecrets.keySet());
        secret.keySet().removeAll(app.env.keySet());
        plain.putAll(app.env);
        secret.putAll(app.envSecrets);
        return new Variables(plain, secret);
    }

    /**
     * The secret ones, sealed for the executor of an action; null if the action is given none.
     *
     * @param secrets of the deployment, or of several
     */
    public Map<String, SealedSecret> sealedFor(Action<?, ?> action, Deployment of, Collection<SecretRow> secrets) {
        if (!action.givenSecrets() || secret.isEmpty()) {
            return null;
        }
        var sealed = new TreeMap<String, SealedSecret>();
        secret.forEach((variable, name) -> sealed.put(
                variable,
                secrets.stream()
                        .filter(row -> row.key.equals(new SecretRow.Key(of.id, name)))
                        .findFirst()
                        .map(row -> row.sealedFor(action.provider()))
                        .orElseGet(() -> new SealedSecret(name, "hub", 1, List.of()))));
        return sealed;
    }
}
