package io.offshoot.gateway.hook;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.Hint;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider's webhook is about. Only ids and names are taken from it, and only to ask whom they concern: what is
 * true is read from the provider by whoever looks.
 *
 * @param id the same when it is sent again
 */
record ProviderNews(String id, Hint hint) {

    private static final int LONGEST = 200;
    private static final String FORM = "payload=";

    /** Where an organisation lets us in, or not any more, or lets us into more of it. */
    private static final Set<String> OF_AN_ACCOUNT = Set.of("installation", "installation_repositories");

    /** @param delivery the header X-GitHub-Delivery @return empty if it is about nothing that anybody waits for */
    static Optional<ProviderNews> ofGitHub(String event, String delivery, byte[] body) {
        var json = json(body);
        var things = new ArrayList<String>();
        var repository = json.path("repository");
        add(things, repository.path("id"));
        add(things, repository.path("full_name"));
        for (String list : List.of("repositories", "repositories_added")) {
            json.path(list).forEach(one -> {
                add(things, one.path("id"));
                add(things, one.path("full_name"));
            });
        }
        var login = json.path("installation").path("account").path("login");
        var account = OF_AN_ACCOUNT.contains(String.valueOf(event)) && login.isTextual() ? login.asText() : null;
        return news("github", delivery, things, account);
    }

    static Optional<ProviderNews> ofVercel(byte[] body) {
        var json = json(body);
        var payload = json.path("payload");
        var things = new ArrayList<String>();
        add(things, payload.path("project").path("id"));
        add(things, payload.path("projectId"));
        add(things, payload.path("deployment").path("id"));
        add(things, payload.path("domain").path("name"));
        return news("vercel", json.path("id").asText(null), things, null);
    }

    private static Optional<ProviderNews> news(String provider, String id, List<String> things, String account) {
        var usable = id != null && id.length() <= LONGEST && !id.isBlank();
        return usable && (!things.isEmpty() || account != null)
                ? Optional.of(new ProviderNews(id, new Hint(provider, things, account)))
                : Optional.empty();
    }

    private static void add(List<String> things, JsonNode value) {
        if (value.isValueNode() && !value.isNull() && value.asText().length() <= LONGEST && things.size() < 100) {
            things.add(value.asText());
        }
    }

    /** Nothing for what cannot be read: it is signed, so it is the provider's, and no look depends on it. */
    private static JsonNode json(byte[] body) {
        try {
            var text = new String(body, StandardCharsets.UTF_8);
            var json = Messages.json()
                    .readTree(
                            text.startsWith(FORM)
                                    ? URLDecoder.decode(text.substring(FORM.length()), StandardCharsets.UTF_8)
                                    : text);
            return json == null ? Messages.json().missingNode() : json;
        } catch (IOException | IllegalArgumentException e) {
            return Messages.json().missingNode();
        }
    }
}
