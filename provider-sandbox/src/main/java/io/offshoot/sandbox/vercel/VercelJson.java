package io.offshoot.sandbox.vercel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Vercel's documents. */
final class VercelJson {

    private static final long LONG_AGO = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

    private VercelJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }

    static ObjectNode user(Account account) {
        String login = account.githubLogin();
        ObjectNode body = object();
        ObjectNode user = body.putObject("user")
                .put("id", account.vercelUserId())
                .put("email", login + "@sandbox.test")
                .put("name", login)
                .put("username", login)
                .putNull("avatar")
                .put("defaultTeamId", account.teamId())
                .put("createdAt", LONG_AGO)
                .putNull("softBlock")
                .putNull("billing")
                .put("stagingPrefix", "sandbox")
                .put("hasTrialAvailable", false);
        user.putObject("resourceConfig").put("concurrentBuilds", 1);
        return body;
    }

    static ObjectNode team(Account account) {
        ObjectNode team = object().put("id", account.teamId())
                .put("slug", account.teamSlug())
                .put("name", account.organization())
                .putNull("avatar")
                .putNull("description")
                .put("creatorId", account.vercelUserId())
                .put("createdAt", LONG_AGO)
                .put("updatedAt", LONG_AGO)
                .put("stagingPrefix", "sandbox");
        team.putObject("membership")
                .put("uid", account.vercelUserId())
                .put("teamId", account.teamId())
                .put("role", "OWNER")
                .put("confirmed", true)
                .put("createdAt", LONG_AGO)
                .put("created", LONG_AGO);
        return team;
    }

    static ObjectNode project(Project project, Hosting hosting) {
        ObjectNode json = object().put("id", project.id())
                .put("name", project.name())
                .put("accountId", project.accountId())
                .put("directoryListing", false)
                .put("nodeVersion", "22.x")
                .put("createdAt", project.createdAt().toEpochMilli())
                .put("updatedAt", project.updatedAt().toEpochMilli())
                .put("live", false)
                .put("autoExposeSystemEnvs", true)
                .put("autoAssignCustomDomains", true)
                .put("sourceFilesOutsideRootDirectory", true);
        for (String config : List.of("resourceConfig", "defaultResourceConfig")) {
            json.putObject(config).putArray("functionDefaultRegions").add("iad1");
        }
        for (String setting : Vercel.BUILD_SETTINGS) {
            json.put(setting, project.settings().get(setting));
        }
        if (project.link() != null) {
            json.set("link", link(project.link()));
        }
        // Asked for by the current SDK, in none of the older descriptions.
        ArrayNode alias = json.putArray("alias");
        hosting.productionHosts(project).forEach(host -> alias.addObject()
                .put("domain", host)
                .put("environment", "production")
                .put("target", "PRODUCTION")
                .putNull("deployment"));
        json.putObject("deploymentExpiration");
        ArrayNode env = json.putArray("env");
        hosting.variables(project).forEach(variable -> env.add(variable(variable, false)));
        List<Deployment> deployments = hosting.deployments(project);
        ArrayNode latest = json.putArray("latestDeployments");
        deployments.stream().limit(1).forEach(deployment -> latest.add(shortDeployment(deployment, hosting)));
        ObjectNode targets = json.putObject("targets");
        deployments.stream()
                .filter(deployment -> deployment.isProduction() && deployment.aliasedBy(hosting.now()))
                .findFirst()
                .ifPresent(deployment -> targets.set("production", shortDeployment(deployment, hosting)));
        return json;
    }

    private static ObjectNode link(Project.Link link) {
        ObjectNode json = object().put("type", "github")
                .put("org", link.org())
                .put("repo", link.repo())
                .put("repoId", link.repoId())
                .put("repoOwnerId", Account.numberOf(link.org()))
                .put("gitCredentialId", "cred_sandbox")
                .put("productionBranch", link.productionBranch())
                .put("sourceless", true)
                .put("createdAt", link.createdAt().toEpochMilli())
                .put("updatedAt", link.createdAt().toEpochMilli());
        json.putArray("deployHooks");
        return json;
    }

    private static ObjectNode shortDeployment(Deployment deployment, Hosting hosting) {
        Instant now = hosting.now();
        ObjectNode json = object().put("id", deployment.id())
                .put("name", deployment.name())
                .put("url", deployment.url())
                .put("deploymentHostname", deployment.url())
                .put("createdAt", deployment.createdAt().toEpochMilli())
                .put("createdIn", "iad1")
                .put("plan", "hobby")
                .put("private", false)
                .put("readyState", deployment.stateAt(now).name())
                .put("target", deployment.target())
                .put("type", "LAMBDAS")
                .put("userId", deployment.accountId())
                .putNull("aliasError");
        json.set("alias", texts(hosting.aliases(deployment)));
        if (deployment.aliasedBy(now)) {
            json.put("aliasAssigned", deployment.aliasedAt().toEpochMilli());
        } else {
            json.put("aliasAssigned", false);
        }
        json.set("meta", meta(deployment));
        json.putObject("creator")
                .put("uid", deployment.accountId())
                .put("email", "sandbox@sandbox.test")
                .put("username", "sandbox");
        return json;
    }

    static ObjectNode variable(EnvVariable variable, boolean decrypted) {
        boolean plain = variable.type().equals("plain") || variable.type().equals("system");
        boolean readable = plain || decrypted && !variable.type().equals("sensitive");
        ObjectNode json = object().put("id", variable.id()).put("key", variable.key());
        if (readable) {
            json.put("value", variable.value());
        } else {
            json.put("value", variable.type().equals("sensitive") ? "" : sealed(variable));
        }
        json.put("type", variable.type());
        json.set("target", texts(variable.target()));
        if (variable.gitBranch() != null) {
            json.put("gitBranch", variable.gitBranch());
        }
        json.putArray("securityIssues");
        return json.putNull("configurationId")
                .put("comment", variable.comment() == null ? "" : variable.comment())
                .put("decrypted", readable)
                .put("createdAt", variable.createdAt().toEpochMilli())
                .put("updatedAt", variable.updatedAt().toEpochMilli());
    }

    /** Something that looks like a ciphertext and has nothing of the value in it. */
    private static String sealed(EnvVariable variable) {
        return Base64.getEncoder().encodeToString(("sealed:" + variable.id()).getBytes(StandardCharsets.UTF_8));
    }

    static ObjectNode domain(Domain domain) {
        ObjectNode json = object().put("name", domain.name())
                .put("apexName", domain.apexName())
                .put("projectId", domain.projectId())
                .putNull("redirect")
                .putNull("redirectStatusCode")
                .putNull("gitBranch")
                .put("createdAt", domain.createdAt().toEpochMilli())
                .put("updatedAt", domain.updatedAt().toEpochMilli())
                .put("verified", domain.verified());
        if (!domain.verified()) {
            json.putArray("verification")
                    .addObject()
                    .put("type", "TXT")
                    .put("domain", domain.challengeName())
                    .put("value", domain.challenge())
                    .put("reason", "pending_domain_verification");
        }
        return json;
    }

    static ObjectNode deployment(Deployment deployment, Account caller, Hosting hosting) {
        Instant now = hosting.now();
        Deployment.State state = deployment.stateAt(now);
        ObjectNode json = object().put("id", deployment.id())
                .put("uid", deployment.id())
                .put("name", deployment.name())
                .put("url", deployment.url())
                .put("version", 2)
                .put("type", "LAMBDAS")
                .put("plan", "hobby")
                .put("public", false)
                .put("createdIn", "iad1")
                .put("createdAt", deployment.createdAt().toEpochMilli())
                .put("bootedAt", deployment.initializingAt().toEpochMilli())
                .put("buildingAt", deployment.buildingAt().toEpochMilli())
                .put("buildSkipped", false)
                .put("isInConcurrentBuildsQueue", state == Deployment.State.QUEUED)
                .put("isInSystemBuildsQueue", false)
                .put("status", state.name())
                .put("readyState", state.name())
                .put("ownerId", deployment.accountId())
                .put("projectId", deployment.projectId())
                .put("target", deployment.target())
                .put("source", deployment.source())
                .putNull("inspectorUrl")
                .put("aliasAssigned", deployment.aliasedBy(now))
                .putNull("aliasError")
                .put("autoAssignCustomDomains", true);
        json.putNull("routes");
        json.set("alias", texts(hosting.aliases(deployment)));
        json.putArray("regions").add("iad1");
        json.set("env", texts(deployment.env()));
        json.putObject("build").set("env", texts(deployment.env()));
        ObjectNode projectSettings = json.putObject("projectSettings");
        hosting.project(deployment.projectId()).ifPresent(project -> {
            Vercel.BUILD_SETTINGS.stream()
                    .filter(setting -> !setting.equals("rootDirectory"))
                    .forEach(setting ->
                            projectSettings.put(setting, project.settings().get(setting)));
            json.putObject("project").put("id", project.id()).put("name", project.name());
        });
        json.putObject("creator").put("uid", caller.vercelUserId()).put("username", caller.githubLogin());
        if (deployment.accountId().equals(caller.teamId())) {
            json.putObject("team")
                    .put("id", caller.teamId())
                    .put("name", caller.organization())
                    .put("slug", caller.teamSlug());
        }
        deployment.commit().ifPresent(git -> json.putObject("gitSource")
                .put("type", "github")
                .put("repoId", git.repoId())
                .put("ref", git.ref())
                .put("sha", git.sha()));
        json.set("meta", meta(deployment));
        addOutcome(json, deployment, state);
        if (deployment.aliasedBy(now)) {
            json.put("aliasAssignedAt", deployment.aliasedAt().toEpochMilli());
        }
        return json;
    }

    static ObjectNode listed(Deployment deployment, Account caller, Hosting hosting) {
        Instant now = hosting.now();
        Deployment.State state = deployment.stateAt(now);
        ObjectNode json = object().put("uid", deployment.id())
                .put("name", deployment.name())
                .put("projectId", deployment.projectId())
                .put("url", deployment.url())
                .put("created", deployment.createdAt().toEpochMilli())
                .put("createdAt", deployment.createdAt().toEpochMilli())
                .put("buildingAt", deployment.buildingAt().toEpochMilli())
                .put("type", "LAMBDAS")
                .put("state", state.name())
                .put("readyState", state.name())
                .put("target", deployment.target())
                .put("source", deployment.source())
                .putNull("inspectorUrl")
                .putNull("aliasError")
                .put("isRollbackCandidate", state == Deployment.State.READY);
        if (deployment.aliasedBy(now)) {
            json.put("aliasAssigned", deployment.aliasedAt().toEpochMilli());
        } else {
            json.put("aliasAssigned", false);
        }
        json.putObject("creator").put("uid", caller.vercelUserId()).put("username", caller.githubLogin());
        json.set("meta", meta(deployment));
        addOutcome(json, deployment, state);
        return json;
    }

    private static void addOutcome(ObjectNode json, Deployment deployment, Deployment.State state) {
        switch (state) {
            case READY ->
                json.put("ready", deployment.finishedAt().toEpochMilli())
                        .put("readySubstate", deployment.isProduction() ? "PROMOTED" : "STAGED");
            case ERROR ->
                json.put("errorCode", "BUILD_FAILED")
                        .put("errorMessage", deployment.failure())
                        .put("buildErrorAt", deployment.finishedAt().toEpochMilli());
            case CANCELED -> json.put("canceledAt", deployment.canceledAt().toEpochMilli());
            case QUEUED, INITIALIZING, BUILDING -> {}
        }
    }

    /** What the build has printed by now. */
    static ArrayNode events(Deployment deployment, Instant now) {
        ArrayNode events = array();
        if (!deployment.stateAt(now).isFinal() && now.isBefore(deployment.buildingAt())) {
            return events;
        }
        // The lines are spread evenly over the build; one that never ends prints all but its last.
        long begin = deployment.buildingAt().toEpochMilli();
        long end = deployment.finishedAt() == null
                ? begin + 20_000
                : deployment.finishedAt().toEpochMilli();
        int lines = deployment.finishedAt() == null
                ? deployment.log().size() - 1
                : deployment.log().size();
        for (int i = 0; i < lines; i++) {
            long at = begin + (end - begin) * (i + 1) / deployment.log().size();
            if (at <= now.toEpochMilli()) {
                String text = deployment.log().get(i);
                events.add(event(deployment, i, at, text.startsWith("Error:") ? "stderr" : "stdout", text));
            }
        }
        return events;
    }

    private static JsonNode event(Deployment deployment, int number, long at, String type, String text) {
        ObjectNode json = object().put("type", type)
                .put("created", at)
                .put("date", at)
                .put("deploymentId", deployment.id())
                .put("id", deployment.id() + "-" + number)
                .put("serial", "%d%06d".formatted(at, number))
                .put("text", text);
        if (type.equals("stderr")) {
            json.put("level", "error");
        }
        json.putObject("info")
                .put("type", "build")
                .put("name", "bld_" + deployment.id().substring(4, 13).toLowerCase(Locale.ROOT))
                .put("entrypoint", ".");
        return json;
    }

    private static JsonNode meta(Deployment deployment) {
        ObjectNode meta = object();
        deployment.meta().forEach(meta::put);
        return meta;
    }
}
