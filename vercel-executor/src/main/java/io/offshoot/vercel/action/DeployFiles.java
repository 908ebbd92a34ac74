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
import io.offshoot.vercel.api.MissingFilesException;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.api.Vercel.NewFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Builds files for production, without a repository, and waits until it is served. Vercel keeps a file by its digest, so
 * that uploading one again changes nothing; the build is idempotent by its mark: see {@link ProductionBuild}.
 */
@ApplicationScoped
class DeployFiles implements ActionHandler<VercelActions.DeployFiles, VercelActions.Site> {

    private final ProductionBuild build;

    DeployFiles(ProductionBuild build) {
        this.build = build;
    }

    @Override
    public Action<VercelActions.DeployFiles, VercelActions.Site> action() {
        return VercelActions.DEPLOY_FILES;
    }

    @Override
    public Outcome<VercelActions.Site> run(Attempt<VercelActions.DeployFiles> attempt) {
        return build.run(attempt, wanted(attempt.input()), (vercel, meta) -> begin(attempt, vercel, meta));
    }

    @Override
    public Outcome<VercelActions.Site> cancel(Attempt<VercelActions.DeployFiles> attempt) {
        return build.cancel(attempt, wanted(attempt.input()));
    }

    @Override
    public Finding plan(Attempt<VercelActions.DeployFiles> attempt) {
        var input = attempt.input();
        return build.plan(attempt, wanted(input), uploads(files(input)).size() + 1);
    }

    @Override
    public Finding observe(Attempt<VercelActions.DeployFiles> attempt, Effect resource) {
        return build.observe(attempt, resource);
    }

    @Override
    public Undone undo(Attempt<VercelActions.DeployFiles> attempt, Effect resource, Removal how) {
        return build.undo(attempt, resource);
    }

    private static Vercel.Deployment begin(
            Attempt<VercelActions.DeployFiles> attempt, Vercel vercel, Map<String, String> meta) {
        var input = attempt.input();
        var files = files(input);
        upload(attempt, vercel, files, file -> true);
        attempt.beforeWrite();
        try {
            return vercel.deploy(input.projectId(), input.projectName(), files, meta);
        } catch (MissingFilesException e) {
            upload(attempt, vercel, files, e::isMissing);
            attempt.beforeWrite();
            return vercel.deploy(input.projectId(), input.projectName(), files, meta);
        }
    }

    private static void upload(Attempt<?> attempt, Vercel vercel, List<NewFile> files, Predicate<NewFile> isWanted) {
        for (NewFile file : uploads(files)) {
            if (isWanted.test(file)) {
                attempt.beforeWrite();
                vercel.uploadFile(file);
            }
        }
    }

    /** Files of the same content are uploaded once. */
    private static List<NewFile> uploads(List<NewFile> files) {
        var byDigest = new TreeMap<String, NewFile>();
        files.forEach(file -> byDigest.put(file.sha1(), file));
        return List.copyOf(byDigest.values());
    }

    private static List<NewFile> files(VercelActions.DeployFiles input) {
        return new TreeMap<>(input.files())
                .entrySet().stream()
                        .map(file -> NewFile.of(file.getKey(), file.getValue()))
                        .toList();
    }

    private static ProductionBuild.Wanted wanted(VercelActions.DeployFiles input) {
        return new ProductionBuild.Wanted(
                input.projectId(),
                input.projectName(),
                "offshootFiles",
                SettingsDigest.of(input.files()),
                SettingsDigest.of(input));
    }
}
