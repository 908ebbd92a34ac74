package io.offshoot.executorkit.action;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.secret.PublicKeyset;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.contracts.secret.VaultReference;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.sealing.CannotOpenException;
import io.offshoot.sealing.Recipient;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One attempt as its action sees it: everything it is given, and nothing else. */
public final class Attempt<I extends Record> {

    private static final String SEPARATOR = ":";

    private final Action<I, ?> action;
    private final AttemptRef ref;
    private final ClaimAnswer.Context context;
    private final I input;
    private final Keyset keyset;
    private final Vault vault;
    private final Runnable beforeWrite;
    private final Runnable settle;
    private Map<String, String> env;

    /**
     * @param keyset what the attempt's secrets are opened with
     * @param vault where those are that are only referred to
     * @param beforeWrite returns when a call may begin; throws {@link LeaseLostException} when the attempt is no longer
     *     ours
     * @param settle lets the time pass that a provider's reads may lag behind its writes
     */
    public Attempt(
            Action<I, ?> action,
            AttemptRef ref,
            ClaimAnswer.Context context,
            I input,
            Keyset keyset,
            Vault vault,
            Runnable beforeWrite,
            Runnable settle) {
        this.action = action;
        this.ref = ref;
        this.context = context;
        this.input = input;
        this.keyset = keyset;
        this.vault = vault;
        this.beforeWrite = beforeWrite;
        this.settle = settle;
    }

    /** One that has nothing to open. */
    public Attempt(
            Action<I, ?> action,
            AttemptRef ref,
            ClaimAnswer.Context context,
            I input,
            Runnable beforeWrite,
            Runnable settle) {
        this(action, ref, context, input, Keyset.none(), Vault.none(), beforeWrite, settle);
    }

    public String hub() {
        return context.hub();
    }

    public UUID deploymentId() {
        return ref.deploymentId();
    }

    public String appId() {
        return ref.appId();
    }

    public String stepId() {
        return ref.stepId();
    }

    /** Counts the step's attempts from 1. A look has the number of the attempt that began the wait. */
    public int number() {
        return ref.attempt();
    }

    public AttemptMode mode() {
        return context.mode();
    }

    public int generation() {
        return context.generation();
    }

    /** The name of the provider account's configuration; null if the claim named none. */
    public String connection() {
        return context.connection();
    }

    public I input() {
        return input;
    }

    /**
     * The app's environment variables, with those that are secret if the action is declared to be given them. Their
     * values go to the provider and nowhere else.
     *
     * @throws ProviderException if one is secret and cannot be opened, or is in a vault and cannot be had from there
     */
    public Map<String, String> env() {
        if (env == null) {
            var all = new HashMap<String, String>();
            if (context.env() != null) {
                all.putAll(context.env());
            }
            sealed().forEach((name, secret) -> all.put(name, value(name, secret).text()));
            env = Map.copyOf(all);
        }
        return env;
    }

    /** Their names, for what has no use for the values: a value that cannot be opened does not matter then. */
    public Set<String> envNames() {
        var names = new TreeSet<>(secretNames());
        if (context.env() != null) {
            names.addAll(context.env().keySet());
        }
        return names;
    }

    /** Which of them are secret. */
    public Set<String> secretNames() {
        return Set.copyOf(sealed().keySet());
    }

    private Map<String, SealedSecret> sealed() {
        return !action.givenSecrets() || context.secretEnv() == null ? Map.of() : context.secretEnv();
    }

    private Secret value(String variable, SealedSecret secret) {
        var opened = opened(variable, secret);
        if (!secret.scope().equals(SecretContext.VAULT)) {
            return opened;
        }
        try {
            return vault.read(context.hub(), Messages.json().readValue(opened.text(), VaultReference.class));
        } catch (ProviderException e) {
            throw new ProviderException(
                    e.kind(),
                    e.code(),
                    "The secret %s of the variable %s: %s".formatted(secret.name(), variable, e.getMessage()));
        } catch (JsonProcessingException e) {
            // Sealed at the door as one: another version's door knew more.
            throw new ProviderException(
                    FailureClass.CREDENTIAL,
                    "secret-needs-reentry",
                    "The secret %s of the variable %s names no place in a vault that is known here. Set it again."
                            .formatted(secret.name(), variable));
        }
    }

    private Secret opened(String variable, SealedSecret secret) {
        for (Sealed copy : secret.copies()) {
            try {
                return keyset.open(copy, contextOf(secret));
            } catch (CannotOpenException | IllegalArgumentException e) {
                // Another copy may open.
            }
        }
        throw new ProviderException(
                FailureClass.CREDENTIAL,
                "secret-needs-reentry",
                ("The secret %s of the variable %s cannot be opened here: it was sealed for another key, or before this part "
                                + "was there. Enter it again, and create the deployment anew.")
                        .formatted(secret.name(), variable));
    }

    /** Never what the claim says alone: the hub and the deployment are those that this attempt is of. */
    private SecretContext contextOf(SealedSecret secret) throws CannotOpenException {
        if (secret.scope().equals(SecretContext.HUB)) {
            return SecretContext.ofHub(context.hub(), secret.name(), secret.version());
        }
        if (secret.scope().equals(SecretContext.VAULT)) {
            return SecretContext.ofVault(context.hub(), secret.name(), secret.version());
        }
        var ours = SecretContext.ofDeployment(context.hub(), ref.deploymentId(), secret.name());
        if (!ours.scope().equals(secret.scope()) || ours.version() != secret.version()) {
            throw new CannotOpenException();
        }
        return ours;
    }

    /**
     * Closes a secret of the output for a provider's executor that the action is declared to seal for: nobody else can
     * read it, and that one only for the same thing in the same deployment.
     *
     * @param about what it belongs to
     * @throws ProviderException if that executor has not said with what
     */
    public String sealFor(String provider, Secret secret, String about) {
        var recipients = context.recipients() == null ? List.<PublicKeyset>of() : context.recipients();
        for (PublicKeyset published : recipients) {
            if (action.sealsFor().contains(provider) && published.provider().equals(provider)) {
                var sealed = Recipient.of(published).seal(secret, about(about));
                return sealed.key() + SEPARATOR + sealed.ciphertext();
            }
        }
        throw new ProviderException(
                FailureClass.CREDENTIAL,
                "sealing-not-set-up",
                "The %s executor has no keyset, so nothing can be sealed for it. Whoever runs it has to make one."
                        .formatted(provider));
    }

    /** Opens what another step of this deployment sealed for this executor, about the same thing; else it is empty. */
    public Optional<Secret> open(String sealed, String about) {
        var parts = sealed.split(SEPARATOR, 2);
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(keyset.open(new Sealed(action.provider(), parts[0], parts[1]), about(about)));
        } catch (CannotOpenException e) {
            return Optional.empty();
        }
    }

    private SecretContext about(String about) {
        return SecretContext.ofDeployment(context.hub(), ref.deploymentId(), "output/" + about);
    }

    /** Whether these members of the input are what a run would be given: of a plan, some may be made up. */
    public boolean knows(String... members) {
        return context.unknown() == null || context.unknown().stream().noneMatch(List.of(members)::contains);
    }

    /** What the last look left; a missing node for nothing. */
    public JsonNode checkpoint() {
        return context.checkpoint() == null ? MissingNode.getInstance() : context.checkpoint();
    }

    /** The mark of one of this step's effects: the same in every attempt that must recognise it. */
    public String effectKey(String effect) {
        return action.effectClass() == EffectClass.NATURAL
                ? EffectKey.named(ref.deploymentId(), ref.appId(), ref.stepId(), effect)
                : EffectKey.of(ref.deploymentId(), ref.appId(), ref.stepId(), context.generation(), effect);
    }

    /**
     * The marks that this effect has if an earlier generation made it unseen: one of each generation that may have, the
     * earliest first. Empty if none may, and where the mark is the same in every generation.
     */
    public List<String> previousEffectKeys(String effect) {
        if (context.previousGeneration() == null || action.effectClass() == EffectClass.NATURAL) {
            return List.of();
        }
        return IntStream.range(context.previousGeneration(), context.generation())
                .mapToObj(earlier -> EffectKey.of(ref.deploymentId(), ref.appId(), ref.stepId(), earlier, effect))
                .toList();
    }

    /**
     * To be called before each write to the provider, right before it: the call is then over before the lease is.
     *
     * @throws LeaseLostException if the lease is lost or has run out; let it pass
     */
    public void beforeWrite() {
        beforeWrite.run();
    }

    /**
     * Looks for something that an earlier attempt may have made: once, or where there was an earlier attempt whose end
     * is not known or that is to be stopped, twice with a pause, for a late write and a lagging read.
     */
    public <T> Optional<T> lookTwice(Supplier<Optional<T>> look) {
        var found = look.get();
        if (found.isPresent()) {
            return found;
        }
        return switch (context.mode()) {
            case EXECUTE, LOOK, PLAN, OBSERVE, UNDO -> found;
            case PROBE_FIRST, CANCEL -> {
                settle.run();
                yield look.get();
            }
        };
    }
}
