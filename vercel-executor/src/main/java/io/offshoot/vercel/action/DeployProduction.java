package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Builds a commit for production and waits, one look at a time, until it is served. Idempotent by its mark: see {@link
 * ProductionBuild}.
 */
@ApplicationScoped
class DeployProduction implements ActionHandler<VercelActions.DeployProduction, VercelActions.Site> {

    private final ProductionBuild build;

    DeployProduction(ProductionBuild build) {
        this.build = build;
    }

    @Override
    public Action<VercelActions.DeployProduction, VercelActions.Site> action() {
        return VercelActions.DEPLOY_PRODUCTION;
    }

    @Override
    public Outcome<VercelActions.Site> run(Attempt<VercelActions.DeployProduction> attempt) {
        var input = attempt.input();
        return build.run(attempt, wanted(input), (vercel, meta) -> {
            attempt.beforeWrite();
            return vercel.deploy(
                    input.projectId(),
                    input.projectName(),
                    input.repositoryId(),
                    input.branch(),
                    input.commitSha(),
                    meta);
        });
    }

    @Override
    public Outcome<VercelActions.Site> cancel(Attempt<VercelActions.DeployProduction> attempt) {
        return build.cancel(attempt, wanted(attempt.input()));
    }

    @Override
    public Finding plan(Attempt<VercelActions.DeployProduction> attempt) {
        return build.plan(attempt, wanted(attempt.input()), 1);
    }

    @Override
    public Finding observe(Attempt<VercelActions.DeployProduction> attempt, Effect resource) {
        return build.observe(attempt, resource);
    }

    @Override
    public Undone undo(Attempt<VercelActions.DeployProduction> attempt, Effect resource, Removal how) {
        return build.undo(attempt, resource);
    }

    private static ProductionBuild.Wanted wanted(VercelActions.DeployProduction input) {
        return new ProductionBuild.Wanted(
                input.projectId(), input.projectName(), "offshootCommit", input.commitSha(), SettingsDigest.of(input));
    }
}
