package io.offshoot.sandbox.control;

import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.github.GitHub;
import io.offshoot.sandbox.github.Repositories;
import io.offshoot.sandbox.github.Upstream;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.vercel.Hosting;
import io.offshoot.sandbox.vercel.Vercel;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole world of the sandbox: both providers over one state, a journal of their calls, and the faults. */
public final class Sandbox implements AutoCloseable {

    /** What came of a call: an answer to send, unless the connection is to be reset. */
    public record Outcome(Answer answer, boolean reset) {}

    private final Store store;
    private final Clock clock;
    private final String upstreamOwner;
    private final CurrentSettings settings;
    private final Accounts accounts;
    private final FakeDns dns;
    private final Journal journal;
    private final Faults faults = new Faults();
    private final Repositories repositories;
    private final Hosting hosting;
    private final GitHub github;
    private final Vercel vercel;
    private final Map<String, Provider> providers;

    public Sandbox(
            Store store, Clock clock, Account account, Optional<App> app, String upstreamOwner, double timeScale) {
        this.store = store;
        this.clock = clock;
        this.upstreamOwner = upstreamOwner;
        this.settings = new CurrentSettings(Settings.withTimeScale(timeScale), store);
        this.accounts = new Accounts(account, app, store);
        this.dns = new FakeDns(store);
        this.journal = new Journal(store, clock);
        this.repositories = new Repositories(store, settings, clock);
        this.hosting = new Hosting(store, repositories, accounts, settings, clock);
        repositories.onPush(hosting);
        this.github = new GitHub(store, repositories, accounts, settings, clock);
        this.vercel = new Vercel(hosting, repositories, accounts, dns, settings, clock);
        this.providers = Stream.of(github, vercel).collect(Collectors.toMap(Provider::name, Function.identity()));
        store.write(() -> Upstream.publish(repositories, upstreamOwner));
    }

    /** What is to happen to a call; to be asked once for each. */
    public Faults.Then fault(String provider, Call call) {
        return faults.take(provider, call.method(), call.path());
    }

    /** Lets a provider answer; what the call did and its entry in the journal are kept together before this returns. */
    public Outcome answer(String provider, Call call, Faults.Then fault) {
        return store.write(() -> {
            Outcome outcome = outcome(providers.get(provider), call, fault);
            journal.record(provider, call, outcome.answer(), !outcome.reset(), fault.isNothing() ? null : fault);
            return outcome;
        });
    }

    public Outcome answer(String provider, Call call) {
        return answer(provider, call, fault(provider, call));
    }

    private static Outcome outcome(Provider provider, Call call, Faults.Then fault) {
        if (Boolean.TRUE.equals(fault.resetBefore())) {
            return new Outcome(Answer.noContent(), true);
        }
        Answer answer;
        if (Boolean.TRUE.equals(fault.html502())) {
            answer = new Answer(502, Map.of(), Optional.empty(), Optional.empty(), false);
        } else if (fault.status() != null) {
            answer = new Answer(fault.status(), Map.of(), Optional.ofNullable(fault.body()), Optional.empty(), false);
        } else {
            answer = provider.answer(call.with(fate(fault)));
        }
        return new Outcome(
                fault.headers() == null ? answer : answer.headers(fault.headers()),
                Boolean.TRUE.equals(fault.resetAfter()));
    }

    private static Call.BuildFate fate(Faults.Then fault) {
        if (Boolean.TRUE.equals(fault.buildStuck())) {
            return Call.BuildFate.STUCK;
        }
        return Boolean.TRUE.equals(fault.buildError()) ? Call.BuildFate.FAILS : Call.BuildFate.AS_WRITTEN;
    }

    /** Back to how it was at the first start, except that ids go on. */
    public void reset() {
        faults.clear();
        store.write(() -> {
            hosting.clear();
            github.clear();
            dns.clear();
            journal.clear();
            accounts.forgetAdded();
            settings.reset();
            Upstream.publish(repositories, upstreamOwner);
        });
    }

    public Store store() {
        return store;
    }

    public Clock clock() {
        return clock;
    }

    public CurrentSettings settings() {
        return settings;
    }

    public Accounts accounts() {
        return accounts;
    }

    public FakeDns dns() {
        return dns;
    }

    public Journal journal() {
        return journal;
    }

    public Faults faults() {
        return faults;
    }

    public GitHub github() {
        return github;
    }

    public Vercel vercel() {
        return vercel;
    }

    public Repositories repositories() {
        return repositories;
    }

    public Hosting hosting() {
        return hosting;
    }

    @Override
    public void close() {
        store.close();
    }
}
