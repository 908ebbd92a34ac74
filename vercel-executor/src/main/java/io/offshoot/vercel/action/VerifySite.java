package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.connection.Sites;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.site.Visitor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Looks at the live site, as a visitor would, until it shows what it should; a new address takes a while to be known
 * everywhere. It only reads: any number of deliveries changes nothing. Nothing of the page is handed on.
 */
@ApplicationScoped
class VerifySite implements ActionHandler<VercelActions.VerifySite, VercelActions.SeenSite> {

    private enum Look {
        AS_WANTED,
        /** A visitor is asked who they are. */
        PROTECTED,
        NOT_YET
    }

    private final Visitor visitor;
    private final Sites sites;
    private final VercelConfig config;

    VerifySite(Visitor visitor, Sites sites, VercelConfig config) {
        this.visitor = visitor;
        this.sites = sites;
        this.config = config;
    }

    @Override
    public Action<VercelActions.VerifySite, VercelActions.SeenSite> action() {
        return VercelActions.VERIFY_SITE;
    }

    @Override
    public Outcome<VercelActions.SeenSite> run(Attempt<VercelActions.VerifySite> attempt) {
        var input = attempt.input();
        return switch (look(input)) {
            case AS_WANTED -> new Outcome.Done<>(new VercelActions.SeenSite(sites.address(input.host())), List.of());
            case PROTECTED ->
                new Outcome.Failed<>(
                        new Failure(FailureClass.REFUSED, "site-protected", isProtected(input)), List.of());
            case NOT_YET -> new Outcome.Waiting<>(config.lookAfter(), null, null, List.of());
        };
    }

    @Override
    public Finding plan(Attempt<VercelActions.VerifySite> attempt) {
        var awaited = Finding.of(Finding.Kind.LEAVE, "It is looked whether the site shows what it should.")
                .taking(1, 0);
        if (!attempt.knows("host", "text")) {
            return awaited;
        }
        return switch (look(attempt.input())) {
            case AS_WANTED ->
                Finding.of(Finding.Kind.LEAVE, "The site shows what it should.").taking(1, 0);
            case PROTECTED ->
                Finding.blocked("site-protected", isProtected(attempt.input()), FixedBy.HUB, null)
                        .taking(1, 0);
            case NOT_YET -> awaited;
        };
    }

    @Override
    public Finding observe(Attempt<VercelActions.VerifySite> attempt, Effect resource) {
        return Finding.of(Finding.Kind.SAME, "This step makes nothing.");
    }

    @Override
    public Undone undo(Attempt<VercelActions.VerifySite> attempt, Effect resource, Removal how) {
        return Undone.left("This step makes nothing.");
    }

    private Look look(VercelActions.VerifySite input) {
        var page = visitor.open(sites.address(input.host()));
        if (page.isEmpty()) {
            return Look.NOT_YET;
        }
        var status = page.get().status();
        if (status == 401 || status == 403) {
            return Look.PROTECTED;
        }
        var isThere = status >= 200 && status <= 299;
        return isThere && (input.text() == null || page.get().text().contains(input.text()))
                ? Look.AS_WANTED
                : Look.NOT_YET;
    }

    private static String isProtected(VercelActions.VerifySite input) {
        return "%s lets nobody in without signing in. Turn Deployment Protection off for production at Vercel."
                .formatted(input.host());
    }
}
