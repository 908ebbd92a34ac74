package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.contracts.vercel.VercelActions.GitHubAccess;
import io.offshoot.contracts.vercel.VercelActions.NameIs;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether the app's site can be made, before anything is made. It only reads: any number of deliveries changes
 * nothing. What it finds can change before the other steps come to it; they look for themselves. Whether another team has
 * the domain, and how much of its plan the team has used up, Vercel does not tell.
 */
@ApplicationScoped
class Preflight implements ActionHandler<VercelActions.Preflight, VercelActions.Findings> {

    private static final URI GITHUB_APP = URI.create("https://github.com/apps/vercel");

    private final VercelConnections connections;

    Preflight(VercelConnections connections) {
        this.connections = connections;
    }

    /** @param link where it is mended; null if there is no such place */
    private record Wrong(String code, String message, URI link) {}

    /** Either what is wrong, or what was found. */
    private record Looked(Wrong wrong, VercelActions.Findings findings, int reads) {}

    @Override
    public Action<VercelActions.Preflight, VercelActions.Findings> action() {
        return VercelActions.PREFLIGHT;
    }

    @Override
    public Outcome<VercelActions.Findings> run(Attempt<VercelActions.Preflight> attempt) {
        var looked = look(attempt);
        return looked.wrong() == null
                ? new Outcome.Done<>(looked.findings(), List.of())
                : new Outcome.Failed<>(
                        new Failure(
                                FailureClass.REFUSED,
                                looked.wrong().code(),
                                looked.wrong().message()),
                        List.of());
    }

    @Override
    public Finding plan(Attempt<VercelActions.Preflight> attempt) {
        if (!attempt.knows("name", "repositoryOwner", "domain")) {
            return Finding.of(Finding.Kind.LEAVE, "It is looked whether the site can be made.")
                    .taking(4, 0);
        }
        var looked = look(attempt);
        var wrong = looked.wrong();
        return wrong == null
                ? Finding.of(Finding.Kind.LEAVE, "The site can be made, as far as Vercel tells.")
                        .taking(looked.reads(), 0)
                : Finding.blocked(wrong.code(), wrong.message(), FixedBy.HUB, wrong.link())
                        .taking(looked.reads(), 0);
    }

    @Override
    public Finding observe(Attempt<VercelActions.Preflight> attempt, Effect resource) {
        return Finding.of(Finding.Kind.SAME, "This step makes nothing.");
    }

    @Override
    public Undone undo(Attempt<VercelActions.Preflight> attempt, Effect resource, Removal how) {
        return Undone.left("This step makes nothing.");
    }

    private Looked look(Attempt<VercelActions.Preflight> attempt) {
        var vercel = connections.of(attempt);
        var input = attempt.input();
        var user = vercel.user();
        if (user.softBlock() != null) {
            return wrong(
                    1,
                    "account-blocked",
                    "Vercel has stopped the account of the token's owner: %s."
                            .formatted(Answer.shown(user.softBlock().reason())));
        }
        var team = vercel.describeTeam();
        if (team.isEmpty()) {
            return wrong(
                    2,
                    "team-not-visible",
                    ("There is no team %s that the token of %s may see. The token must be made"
                                    + " for that team, by one of its members.")
                            .formatted(vercel.team(), Answer.shown(user.username())));
        }
        var role = team.get().role();
        if (team.get().isReadOnly()) {
            return wrong(
                    2,
                    "role-too-low",
                    "The token's owner is %s in the team %s, and so may make nothing there."
                            .formatted(role, team.get().shownName()));
        }
        var reads = 2;
        var gitHub = GitHubAccess.NOT_ASKED;
        if (input.repositoryOwner() != null) {
            reads++;
            var owners = vercel.gitHubOwners();
            if (owners.isPresent() && owners.get().stream().noneMatch(input.repositoryOwner()::equalsIgnoreCase)) {
                var message =
                        "Vercel's GitHub App has no access to %s: open the link, choose it, and allow all repositories."
                                .formatted(input.repositoryOwner());
                return new Looked(new Wrong("needs-link", message, GITHUB_APP), null, reads);
            }
            gitHub = owners.isPresent() ? GitHubAccess.YES : GitHubAccess.UNKNOWN;
        }
        reads++;
        var there = vercel.project(input.name());
        if (there.isPresent()) {
            reads++;
            if (!isOurs(attempt, vercel, there.get())) {
                return wrong(
                        reads,
                        "name-taken",
                        ("There is a project %s (%s) already, and it is not this deployment's."
                                        + " Choose another name, or rename or remove that one.")
                                .formatted(there.get().name(), there.get().id()));
            }
        }
        if (input.domain() != null) {
            reads += (int) input.domain().chars().filter(one -> one == '.').count();
            var other = elsewhere(vercel, input.domain(), there);
            if (other.isPresent()) {
                return wrong(
                        reads,
                        "domain-taken",
                        "Another project of the team (%s) has the domain %s."
                                .formatted(other.get().projectId(), input.domain()));
            }
        }
        var findings = new VercelActions.Findings(
                team.get().shownName(),
                role,
                team.get().concurrentBuilds(),
                gitHub,
                there.isPresent() ? NameIs.OURS : NameIs.FREE);
        return new Looked(null, findings, reads);
    }

    private static boolean isOurs(Attempt<VercelActions.Preflight> attempt, Vercel vercel, Vercel.Project project) {
        var key = EffectKey.named(
                attempt.deploymentId(), attempt.appId(), attempt.input().projectStep(), "project");
        return ProjectMark.isAmong(vercel.variables(project.id()).orElse(List.of()), ProjectMark.of(key));
    }

    private static Optional<Vercel.Domain> elsewhere(Vercel vercel, String domain, Optional<Vercel.Project> project) {
        return vercel.domainOfAnyProject(domain)
                .filter(there -> project.isEmpty() || !project.get().id().equals(there.projectId()));
    }

    private static Looked wrong(int reads, String code, String message) {
        return new Looked(new Wrong(code, message, null), null, reads);
    }
}
