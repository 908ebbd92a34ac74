package io.offshoot.sandbox.accounts;

import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The accounts that exist: the configured one, and those that the control API added. */
public final class Accounts {

    private final Account configured;
    private final Table<Account> added;

    public Accounts(Account configured, Store store) {
        this.configured = configured;
        this.added = store.table("accounts", Account.class);
    }

    public List<Account> all() {
        var all = new ArrayList<Account>();
        all.add(configured);
        added.values().stream()
                .filter(account -> !account.organization().equals(configured.organization()))
                .forEach(all::add);
        return all;
    }

    /** Adds an account, or replaces the one of the same organisation. */
    public void add(Account account) {
        added.put(account.organization(), account);
    }

    public void forgetAdded() {
        added.removeIf(account -> true);
    }

    public Optional<Account> byGithubToken(String token) {
        String digest = Account.digest(token);
        return all().stream()
                .filter(account -> account.githubTokenDigest().equals(digest))
                .findFirst();
    }

    public Optional<Account> byVercelToken(String token) {
        String digest = Account.digest(token);
        return all().stream()
                .filter(account -> account.vercelTokenDigest().equals(digest))
                .findFirst();
    }

    public boolean hasOrganization(String login) {
        return all().stream().anyMatch(account -> account.organization().equalsIgnoreCase(login));
    }
}
