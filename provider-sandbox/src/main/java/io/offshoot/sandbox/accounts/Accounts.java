package io.offshoot.sandbox.accounts;

import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The accounts that exist: the configured ones, and those that the control API added. */
public final class Accounts {

    private static final String APP = "app";

    private final Account configured;
    private final Optional<App> configuredApp;
    private final Table<Account> added;
    private final Table<App> apps;

    public Accounts(Account configured, Optional<App> configuredApp, Store store) {
        this.configured = configured;
        this.configuredApp = configuredApp;
        this.added = store.table("accounts", Account.class);
        this.apps = store.table("github-app", App.class);
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
        apps.removeIf(app -> true);
    }

    /** The GitHub App that is installed everywhere, if there is one. */
    public Optional<App> app() {
        return apps.get(APP).or(() -> configuredApp);
    }

    /** Registers the GitHub App, in place of another. */
    public void register(App app) {
        apps.put(APP, app);
    }

    public Optional<Account> ofOrganization(String login) {
        return all().stream()
                .filter(account -> account.organization().equalsIgnoreCase(login))
                .findFirst();
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
        return ofOrganization(login).isPresent();
    }
}
