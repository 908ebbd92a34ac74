package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Instructions.DnsRecord;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.Sites;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives the project a domain and waits, one look at a time, until it is verified and its records lead to Vercel. While
 * it waits it says which records to set. Without a domain the site's address stands.
 *
 * <p>Idempotent by the domain's name: a domain that the project has is taken up. It carries no mark; the project, which
 * is ours, is the proof.
 */
@ApplicationScoped
class ConnectDomain implements ActionHandler<VercelActions.ConnectDomain, VercelActions.Address> {

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
        var there = attempt.lookTwice(() -> vercel.domain(input.projectId(), input.domain()));
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
        return new Outcome.Failed<>(
                new Failure(
                        FailureClass.REFUSED,
                        "domain-taken",
                        ("Vercel does not let this project have the domain %s: another project or team has it, or it"
                                        + " may not be used.")
                                .formatted(input.domain())),
                List.of());
    }

    private Outcome<VercelActions.Address> settle(
            Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel, Vercel.Domain found, Effect.Verb verb) {
        var domain = found.verified() ? found : verify(attempt, vercel, found);
        var isConfigured = vercel.isConfigured(domain.name());
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
        if (domain.verified() && isConfigured) {
            return new Outcome.Done<>(new VercelActions.Address(domain.name(), sites.address(domain.name())), effects);
        }
        return new Outcome.Waiting<>(config.domainLookAfter(), null, instructions(domain, isConfigured), effects);
    }

    private static Vercel.Domain verify(
            Attempt<VercelActions.ConnectDomain> attempt, Vercel vercel, Vercel.Domain domain) {
        attempt.beforeWrite();
        return vercel.verifyDomain(attempt.input().projectId(), domain.name()).orElse(domain);
    }

    private static Instructions instructions(Vercel.Domain domain, boolean isConfigured) {
        var records = new ArrayList<DnsRecord>();
        if (!domain.verified()) {
            domain.verification().stream()
                    .filter(challenge ->
                            challenge.type() != null && challenge.domain() != null && challenge.value() != null)
                    .map(challenge -> new DnsRecord(challenge.type(), challenge.domain(), challenge.value()))
                    .forEach(records::add);
        }
        if (!isConfigured) {
            records.add(
                    domain.isApex()
                            ? new DnsRecord("A", domain.name(), APEX_ADDRESS)
                            : new DnsRecord("CNAME", domain.name(), SUBDOMAIN_TARGET));
        }
        var what = ("Set these DNS records where the domain %s is managed. The deployment goes on by itself once they"
                        + " are seen, which can take from minutes to a day.")
                .formatted(domain.name());
        return new Instructions(what, null, records);
    }
}
