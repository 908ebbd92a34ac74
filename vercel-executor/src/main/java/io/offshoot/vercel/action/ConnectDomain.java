package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Instructions.DnsRecord;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.Sites;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the project a domain and waits, one look at a time, until it is verified and its records lead to Vercel. While
 * it waits it says which records to set. Without a domain the site's address stands.
 *
 * <p>Idempotent by the domain's name: a domain that the project has is taken up. It carries no mark; the project, which
 * is ours, is the proof.
 */
@ApplicationScoped
class ConnectDomain implements ActionHandler<VercelActions.ConnectDomain, VercelActions.Address> {

    private static final String TAKEN = "domain-taken";
    /** What Vercel asks of everybody; it may recommend something of its own for a domain. */
    private static final String APEX_ADDRESS = "76.76.21.21";

    private static final String SUBDOMAIN_TARGET = "cname.vercel-dns.com";

    private final VercelConnections connections;
    private final VercelConfig config;
    private final Sites sites;

    ConnectDomain(VercelConnections connections, VercelConfig config, Sites sites) {
        this.connections = connections;
        this.config = config;
        this.sites = sites;
    }

    @Override
    public Action<VercelActions.ConnectDomain, VercelActions.Address> action() {
        return VercelActions.CONNECT_DOMAIN;
    }

    @Override
    public Outcome<VercelActions.Address> run(Attempt<VercelActions.ConnectDomain> attempt) {
        var input = attempt.input();
        if (input.domain() == null) {
            return new Outcome.Done<>(new VercelActions.Address(input.alias(), input.url()), List.of());
        }
        var vercel = connections.of(attempt);
        var there = there(attempt, vercel);
        if (there.isPresent()) {
            return settle(attempt, vercel, there.get(), Effect.Verb.ADOPTED);
        }
        attempt.beforeWrite();
        var added = vercel.addDomain(input.projectId(), input.domain());
        if (added.isPresent()) {
            return settle(attempt, vercel, added.get(), Effect.Verb.CREATED);
        }
        var afterAll = vercel.domain(input.projectId(), input.domain());
        if (afterAll.isPresent()) {
            return settle(attempt, vercel, afterAll.get(), Effect.Verb.ADOPTED);
        }
        var taken =
                "Vercel does not let this project have the domain %s: another project or team has it, or it may not be"
                        + " used.";
        return new Outcome.Failed<>(
                new Failure(FailureClass.REFUSED, TAKEN, taken.formatted(input.domain())), List.of());
    }

    /** Vercel tells of a domain that another of the team's projects has it; what other teams have shows only in a run. */
    @Override
    public Finding plan(Attempt<VercelActions.ConnectDomain> attempt) {
        var input = attempt.input();
        if (input.domain() == null) {
            return Finding.of(Finding.Kind.LEAVE, "No domain is wanted; the site keeps the address it has.");
        }
        if (!attempt.knows("domain", "projectId")) {
            return added(input);
        }
        var vercel = connections.of(attempt);
        var there = there(attempt, vercel);
        if (there.isEmpty()) {
            return free(vercel, input);
        }
        var isVerified = there.get().verified();
        return Finding.of(
                        Finding.Kind.ADOPT,
                        "domain",
                        input.domain(),
                        input.domain(),
                        isVerified
                                ? "The project has it."
                                : "The project has it; a record that shows whose it is has yet to be set.")
                .taking(2, isVerified ? 0 : 1);
    }

    /** Looks beyond the project too: whose it is, and where its records lead. */
    @Override
    public Finding observe(Attempt<VercelActions.ConnectDomain> attempt, Effect resource) {
        var vercel = connections.of(attempt);
        var unseen = Effects.unseen(vercel, resource);
        if (unseen.isPresent()) {
            return unseen.get();
        }
        var there = found(attempt, vercel, resource);
        if (there.isEmpty()) {
            return Finding.of(Finding.Kind.MISSING, "The project does not have this domain any more.");
        }
        var domain = there.get();
        var changes = new Changes()
                .compare("/redirect", null, domain.redirect())
                .compare("/verified", true, domain.verified())
                .compare("/configured", true, vercel.config(resource.id()).isRight());
        return Finding.of(
                changes.isEmpty() ? Finding.Kind.SAME : Finding.Kind.CHANGED,
                "domain",
                resource.id(),
                resource.name(),
                changes.isEmpty() ? "It leads to the site." : "It does not lead to the site as it did.",
                changes.list());
    }

    /** Takes it from the project if this step put it there. One that was there already goes with the project or stays. */
    @Override
    public Undone undo(Attempt<VercelActions.ConnectDomain> attempt, Effect resource, Removal how) {
        var vercel = connections.of(attempt);
        var elsewhere = Effects.untouched(vercel, resource);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        var there = found(attempt, vercel, resource);
        if (there.isEmpty()) {
            return Undone.removed();
        }
        if (resource.verb() != Effect.Verb.CREATED) {
            return Undone.left("The project had this domain before this step came to it. It goes with the project.");
        }
        var project = there.get().projectId();
        if (!ProjectMark.isAmong(vercel.variables(project).orElse(List.of()))) {
            return Undone.left("The project that has this domain does not carry our mark any more.");
        }
        attempt.beforeWrite();
        vercel.removeDomain(project, resource.id());
        return Undone.removed();
    }

    /** On the project that it was given to. Where that is not known any more, the team is asked which project has it. */
    private static Optional<Vercel.Domain> found(
            Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel, Effect resource) {
        return attempt.knows("projectId")
                ? vercel.domain(attempt.input().projectId(), resource.id())
                : vercel.domainOfAnyProject(resource.id());
    }

    private static Optional<Vercel.Domain> there(Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel) {
        var input = attempt.input();
        return attempt.lookTwice(() -> vercel.domain(input.projectId(), input.domain()));
    }

    private static Finding free(Vercel vercel, VercelActions.ConnectDomain input) {
        return vercel.domainOfAnyProject(input.domain())
                .map(other -> Finding.blocked(
                                TAKEN,
                                "Another project of the team (%s) has the domain %s. Take it from there, or choose another."
                                        .formatted(other.projectId(), input.domain()),
                                FixedBy.HUB,
                                null)
                        .taking(2, 1))
                .orElseGet(() -> added(input));
    }

    /** A domain that has to be verified first takes more: a call for each look at its records. */
    private static Finding added(VercelActions.ConnectDomain input) {
        return Finding.of(
                        Finding.Kind.CREATE,
                        "domain",
                        null,
                        input.domain(),
                        "The project is given the domain, and waits until its records lead to Vercel.")
                .taking(2, 1);
    }

    private Outcome<VercelActions.Address> settle(
            Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel, Vercel.Domain found, Effect.Verb verb) {
        var domain = found.verified() ? found : verify(attempt, vercel, found);
        var dns = vercel.config(domain.name());
        var effects = Effects.of(
                attempt,
                new Effect(
                        attempt.effectKey("domain"),
                        "domain",
                        domain.name(),
                        domain.name(),
                        vercel.team(),
                        verb,
                        null,
                        SettingsDigest.of(Map.of("projectId", attempt.input().projectId(), "domain", domain.name()))));
        if (domain.verified() && dns.isRight()) {
            return new Outcome.Done<>(new VercelActions.Address(domain.name(), sites.address(domain.name())), effects);
        }
        return new Outcome.Waiting<>(config.domainLookAfter(), null, instructions(domain, dns), effects);
    }

    private static Vercel.Domain verify(
            Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel, Vercel.Domain domain) {
        attempt.beforeWrite();
        return vercel.verifyDomain(attempt.input().projectId(), domain.name()).orElse(domain);
    }

    private static Instructions instructions(Vercel.Domain domain, Vercel.DomainConfig dns) {
        var records = new ArrayList<DnsRecord>();
        if (!domain.verified()) {
            domain.verification().stream()
                    .filter(challenge ->
                            challenge.type() != null && challenge.domain() != null && challenge.value() != null)
                    .map(challenge -> new DnsRecord(challenge.type(), challenge.domain(), challenge.value()))
                    .forEach(records::add);
        }
        if (!dns.isRight()) {
            records.add(
                    domain.isApex()
                            ? new DnsRecord("A", domain.name(), dns.address().orElse(APEX_ADDRESS))
                            : new DnsRecord("CNAME", domain.name(), dns.target().orElse(SUBDOMAIN_TARGET)));
        }
        var what = ("Set these DNS records where the domain %s is managed. The deployment goes on by itself once they"
                        + " are seen, which can take from minutes to a day.")
                .formatted(domain.name());
        return new Instructions(what, null, records);
    }
}
