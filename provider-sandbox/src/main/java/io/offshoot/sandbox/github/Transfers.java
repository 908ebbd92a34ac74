package io.offshoot.sandbox.github;

import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Repositories that are offered to another owner. A person there accepts within a day; the control API stands for it. */
public final class Transfers {

    private static final Duration OPEN = Duration.ofDays(1);

    private record Offer(long repositoryId, String newOwner, String newName, Instant until) {}

    private final Table<Offer> offers;
    private final Repositories repositories;
    private final Accounts accounts;
    private final Access access;
    private final Clock clock;

    Transfers(Store store, Repositories repositories, Accounts accounts, Access access, Clock clock) {
        this.offers = store.table("repository-offers", Offer.class);
        this.repositories = repositories;
        this.accounts = accounts;
        this.access = access;
        this.clock = clock;
    }

    void addTo(Routes<Caller> routes) {
        routes.on("POST", "/repos/{owner}/{repo}/transfer", this::transfer);
    }

    void forget(Repository repository) {
        offers.remove(String.valueOf(repository.id()));
    }

    void clear() {
        offers.removeIf(offer -> true);
    }

    /** The new owner accepts what it was offered. Empty if nothing is offered, or not any more. */
    public Optional<Repository> accept(Repository repository) {
        Optional<Offer> offer = offers.get(String.valueOf(repository.id()))
                .filter(open -> clock.instant().isBefore(open.until()))
                .filter(open ->
                        repositories.find(open.newOwner(), open.newName()).isEmpty());
        forget(repository);
        return offer.map(open -> {
            Repository moved = repository.of(open.newOwner(), open.newName(), clock.instant());
            repositories.rename(repository, moved);
            return moved;
        });
    }

    private Answer transfer(Caller caller, Call call, Parameters path) {
        Repository repository = access.writable(caller, path, "administration");
        String owner = call.text("new_owner").orElseThrow(() -> Errors.missing("new_owner"));
        String name = call.text("new_name").orElse(repository.name());
        if (!accounts.hasOrganization(owner) || owner.equalsIgnoreCase(repository.owner())) {
            throw Errors.invalid("Validation Failed", "new_owner", owner + " cannot be given this repository");
        }
        if (repositories.find(owner, name).isPresent()) {
            throw Errors.invalid("Validation Failed", "name", owner + " has a repository of that name");
        }
        if (repository.parentId() != null
                && repositories.forkHeldBy(owner, repository).isPresent()) {
            throw Errors.invalid("Validation Failed", "base", owner + " has a repository of the same network");
        }
        offers.put(
                String.valueOf(repository.id()),
                new Offer(repository.id(), owner, name, clock.instant().plus(OPEN)));
        return Answer.of(202, new GitHubJson(call.base()).repository(repository, true))
                .effect("repository " + repository.fullName() + " offered to " + owner, repository.id());
    }
}
