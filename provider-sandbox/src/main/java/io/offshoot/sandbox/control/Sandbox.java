package io.offshoot.sandbox.control;

import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.aura.Aura;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.github.GitHub;
import io.offshoot.sandbox.github.Repositories;
import io.offshoot.sandbox.github.Upstream;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.telegram.Telegram;
import io.offshoot.sandbox.vercel.Hosting;
import io.offshoot.sandbox.vercel.Vercel;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole world of the sandbox: all providers over one state, a journal of their calls, and the faults. */
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
    private final Replicas replicas = new Replicas();
    private final Repositories repositories;
    private final Hosting hosting;
    private final Outbox outbox;
    private final GitHub github;
    private final Vercel vercel;
    private final Telegram telegram;
    private final Aura aura;
    private final Map<String, Provider> providers;

    public Sandbox(
            Store store, Clock clock, Account account, Optional<App> app, String upstreamOwner, Settings initial) {
        this.store = store;
        this.clock = clock;
        this.upstreamOwner = upstreamOwner;
        this.settings = new CurrentSettings(initial, store);
        this.accounts = new Accounts(account, app, store);
        this.dns = new FakeDns(store);
        this.journal = new Journal(store, clock);
        this.repositories = new Repositories(store, settings, clock);
        this.hosting = new Hosting(store, repositories, accounts, settings, clock);
        repositories.onPush(hosting);
        this.outbox = new Outbox(store, faults, settings, clock);
        this.github = new GitHub(store, repositories, accounts, outbox, settings, clock);
        this.vercel = new Vercel(store, hosting, repositories, accounts, dns, outbox, settings, clock);
        hosting.tellGitHub(github.hooks());
        this.telegram = new Telegram(store, outbox, settings, clock);
        this.aura = new Aura(store, settings, clock);
        this.providers = Stream.of(github, vercel, telegram, aura)
                .collect(Collectors.toMap(Provider::name, Function.identity()));
        store.write(() -> {
            Upstream.publish(repositories, upstreamOwner);
            outbox.resume();
        });
    }

    /** The providers' names, which are the first segments of their paths. */
    public Set<String> names() {
        return providers.keySet();
    }

    /** A call's path as it may be written down. */
    public String shown(String provider, Call call) {
        return providers.get(provider).shown(call.path());
    }

    /** What is to happen to a call; to be asked once for each. */
    public Faults.Then fault(String provider, Call call) {
        return faults.take(provider, call.method(), call.path());
    }

    /** Lets a provider answer; what the call did and its entry in the journal are kept together before this returns. */
    public Outcome answer(String provider, Call call, Faults.Then fault) {
        return store.write(() -> {
            Provider asked = providers.get(provider);
            boolean read = call.method().equals("GET");
            long before = store.version();
            Duration lag = settings.get().scaled(settings.get().staleReadMillis() / 1000.0);
            Optional<Long> behind = read ? replicas.behind(provider, clock.instant(), lag) : Optional.empty();
            Outcome outcome = behind.map(earlier -> store.asOf(
                            earlier,
                            Replicas.TABLES.getOrDefault(provider, Set.of()),
                            () -> outcome(asked, call, fault)))
                    .orElseGet(() -> outcome(asked, call, fault));
            if (!read && outcome.answer().effect().isPresent()) {
                replicas.wrote(provider, clock.instant(), before);
            }
            boolean answered = !outcome.reset();
            journal.record(
                    asked, call, outcome.answer(), answered, behind.isPresent(), fault.isNothing() ? null : fault);
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
            answer = Answer.empty(502);
        } else if (fault.isAnswer()) {
            answer = fault.body() == null ? Answer.empty(fault.status()) : Answer.of(fault.status(), fault.body());
        } else {
            Answer own = provider.answer(call.with(fault.fate()));
            answer = fault.status() == null ? own : own.status(fault.status());
        }
        return new Outcome(
                fault.headers() == null ? answer : answer.headers(fault.headers()),
                Boolean.TRUE.equals(fault.resetAfter()));
    }

    /** Back to how it was at the first start, except that ids go on. */
    public void reset() {
        faults.clear();
        replicas.clear();
        store.write(() -> {
            vercel.clear();
            github.clear();
            telegram.clear();
            aura.clear();
            outbox.clear();
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

    public Telegram telegram() {
        return telegram;
    }

    public Aura aura() {
        return aura;
    }

    public Repositories repositories() {
        return repositories;
    }

    public Outbox outbox() {
        return outbox;
    }

    public Hosting hosting() {
        return hosting;
    }

    @Override
    public void close() {
        store.close();
    }
}
