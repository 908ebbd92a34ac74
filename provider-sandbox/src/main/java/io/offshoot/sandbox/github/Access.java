package io.offshoot.sandbox.github;

import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import java.util.function.Supplier;

/** Which repository a path means, and whether the caller may read or change it. */
final class Access {

    private final Repositories repositories;
    private final Accounts accounts;
    private final Supplier<Settings> settings;

    Access(Repositories repositories, Accounts accounts, Supplier<Settings> settings) {
        this.repositories = repositories;
        this.accounts = accounts;
        this.settings = settings;
    }

    Repository readable(Caller caller, Parameters path) {
        return repositories
                .find(path.get("owner"), path.get("repo"))
                .filter(repository -> !repository.isPrivate() || caller.owns(repository))
                .orElseThrow(Errors::notFound);
    }

    /** To be looked into by its owner only, with that permission to read or to write. */
    Repository readable(Caller caller, Parameters path, String permission) {
        Repository repository = readable(caller, path);
        boolean missing = settings.get().githubPermissionsMissing().contains(permission);
        boolean granted = caller.permissions().containsKey(permission);
        if (!caller.owns(repository) || repositories.isStrangers(repository) || missing || !granted) {
            throw Errors.refusal(403, caller.kind().refusal());
        }
        return repository;
    }

    /** To be changed with that permission, even if it is archived. */
    Repository writable(Caller caller, Parameters path, String permission) {
        Repository repository = readable(caller, path);
        if (!caller.owns(repository) || repositories.isStrangers(repository)) {
            boolean uncovered = repository.owner().equalsIgnoreCase(caller.organization());
            throw Errors.refusal(403, uncovered ? caller.kind().refusal() : "Must have admin rights to Repository.");
        }
        require(caller, permission);
        return repository;
    }

    Repository changeable(Caller caller, Parameters path, String permission) {
        Repository repository = writable(caller, path, permission);
        if (repository.isArchived()) {
            throw Errors.refusal(403, "Repository was archived so is read-only.");
        }
        return repository;
    }

    Repository notEmpty(Repository repository) {
        if (!repositories.refsVisible(repository)) {
            throw Errors.refusal(409, "Git Repository is empty.");
        }
        return repository;
    }

    /** The caller is to make a repository there. */
    void requireOwner(Caller caller, String owner) {
        require(caller, "administration");
        if (!accounts.hasOrganization(owner)) {
            throw Errors.notFound();
        }
        if (!owner.equalsIgnoreCase(caller.organization()) || caller.narrowed()) {
            throw Errors.refusal(403, caller.kind().refusal());
        }
    }

    void require(Caller caller, String permission) {
        boolean missing = settings.get().githubPermissionsMissing().contains(permission);
        if (settings.get().githubReadOnly() || missing || !caller.mayWrite(permission)) {
            throw Errors.refusal(403, caller.kind().refusal());
        }
    }

    boolean mayWrite(Caller caller, Repository repository) {
        return caller.owns(repository)
                && !repositories.isStrangers(repository)
                && !settings.get().githubReadOnly();
    }
}
