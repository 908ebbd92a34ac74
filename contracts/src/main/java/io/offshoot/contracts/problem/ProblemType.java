package io.offshoot.contracts.problem;

import java.util.Locale;

/**
 * Every problem the API can answer with. The code is stable; the page at <code>/problems/{code}</code> tells cause,
 * what to do, and who can.
 */
public enum ProblemType {
    UNKNOWN_WORKFLOW(
            404,
            false,
            "There is no such workflow",
            "The id is misspelt, or this installation does not offer it.",
            "Choose one from GET /api/v1/workflows."),
    UNKNOWN_DEPLOYMENT(
            404,
            false,
            "There is no such deployment",
            "The id is wrong, or the deployment belongs to another hub.",
            "Look it up in GET /api/v1/deployments with your hub's credential."),
    UNKNOWN_APP(
            404,
            false,
            "The deployment has no such app",
            "The app's id is misspelt.",
            "GET the deployment: it lists its apps."),
    UNKNOWN_ACTION(
            404,
            false,
            "The workflow has no such action",
            "The action's id is misspelt.",
            "GET the deployment: it lists its actions."),
    UNKNOWN_CONNECTION(
            404,
            false,
            "The hub has no such connection",
            "A connection's name is misspelt, is another hub's, or the hub has none that bears its own name.",
            "Name one that GET /api/v1/connections shows as ready, or enter it: PUT /api/v1/connections/{provider}."),
    UNKNOWN_PROVIDER(
            404,
            false,
            "There is no such provider",
            "The provider's name is misspelt, or this installation deploys nothing there.",
            "Name one that GET /api/v1/providers lists."),
    CONNECTION_OF_THE_OPERATOR(
            409,
            false,
            "The connection is the operator's",
            "Whoever runs the executors has set up a connection of this name for the hub.",
            "Choose another name, and name it in the deployment's connections; or ask the operator to take theirs away."),
    CONNECTION_REFUSED(
            409,
            false,
            "The provider refuses the connection",
            "The token or installation that was entered last is of no use at the provider.",
            "See what GET /api/v1/connections says of it, and enter it anew."),
    CONNECTION_CHANGED(
            409,
            true,
            "The connection was entered by somebody else just now",
            "Two requests have set the same connection at the same time, and the other one came first.",
            "Look at the connection, and repeat the request if it is still what you want."),
    UNKNOWN_INSTALLATION_LINK(
            404,
            false,
            "This link is not valid any more",
            "It was used already, is older than an hour, or was never ours.",
            "Ask for a new one: POST /api/v1/connections/github/{name}/installation."),
    UNKNOWN_HUB(
            404,
            false,
            "There is no such hub",
            "The id is misspelt, or the hub is another one than your credential's.",
            "GET /api/v1/hubs lists the hubs your credential reaches."),
    UNKNOWN_MEMBER(
            404,
            false,
            "The hub has no such member",
            "The subject is misspelt, or was removed.",
            "GET the hub's members: the list has their subjects."),
    UNKNOWN_API_KEY(
            404,
            false,
            "The hub has no such API key",
            "The id is misspelt, or the key is another hub's.",
            "GET the hub's API keys: the list has their ids."),
    UNKNOWN_SECRET(
            404,
            false,
            "There is no such secret",
            "A name is misspelt, was deleted, or was set for another hub.",
            "Look it up in GET /api/v1/secrets, set it with PUT /api/v1/secrets/{name}, or send it among the deployment's secrets."),
    SECRET_NEEDS_REENTRY(
            409,
            false,
            "A secret must be entered again",
            "It was sealed before a part that needs it existed, or with a key that is gone. Nobody here can read it to seal it anew.",
            "Set it again with PUT /api/v1/secrets/{name}; for one that a deployment brought along, create the deployment anew."),
    SEALING_UNAVAILABLE(
            503,
            true,
            "A secret cannot be sealed now",
            "The part that would use it has not said with which key, or its key is not one that this installation trusts.",
            "Repeat the request; if it stays so, ask whoever runs the executors."),
    UNKNOWN_KEY(
            404,
            false,
            "The hub has no such key",
            "The key's id is misspelt, or the key is another hub's.",
            "GET the hub's keys: the list has their ids."),
    UNKNOWN_DEAD_LETTER(
            404,
            false,
            "There is no such dead letter",
            "The id is wrong.",
            "Look it up in GET /api/v1/admin/dead-letters."),
    NOT_FOUND(
            404,
            false,
            "There is nothing at this address",
            "The path is misspelt.",
            "See the API document at /q/openapi."),
    METHOD_NOT_ALLOWED(
            405,
            false,
            "This address does not take that method",
            "The method is not one the address offers.",
            "See the API document at /q/openapi."),
    NOT_ACCEPTABLE(
            406,
            false,
            "The answer cannot be given in that form",
            "The Accept header names a form this address does not offer.",
            "Ask for application/json."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            false,
            "The body must be JSON",
            "The Content-Type is missing or is not application/json.",
            "Send Content-Type: application/json."),
    TOO_MANY_HEADERS(
            431,
            false,
            "The request has too many header fields",
            "The request's head exceeds the limit.",
            "Send fewer header fields."),
    BODY_TOO_LARGE(
            413,
            false,
            "The body is too large",
            "The request's body is larger than 64 KiB, or than this address takes.",
            "Send less."),
    MALFORMED_JSON(
            400,
            false,
            "The body is not well-formed JSON",
            "The text breaks JSON's grammar, or is nested too deeply.",
            "Correct the body."),
    DUPLICATE_KEY(
            400,
            false,
            "The body names a field twice",
            "An object in the body has the same field more than once.",
            "Leave one of them."),
    UNKNOWN_FIELD(
            400,
            false,
            "The body has a field that is not known",
            "A field is misspelt, or belongs to another version.",
            "Remove or rename the field that errors[] points at."),
    WRONG_MODE(
            400,
            false,
            "The mode must be init, trigger, status or poll",
            "The mode of POST /api/deploy is missing or is not one of these.",
            "Use init, trigger, status or poll."),
    INVALID_REQUEST(
            400,
            false,
            "The request has invalid values",
            "One or more values do not fit; errors[] points at each of them.",
            "Correct every value that errors[] points at."),
    SECRET_NOT_ACCEPTED(
            400,
            false,
            "No secret can stand there",
            "A value of the configuration or of an app's input is marked secret; only environment variables can be.",
            "Name it among secrets and refer to it by envVars: {\"NAME\": {\"secret\": \"NAME\"}}. Never send it as a plain value."),
    UNAUTHENTICATED(
            401,
            false,
            "A credential is needed",
            "The Authorization header is missing, or its token is not known.",
            "Send Authorization: Bearer with a valid token."),
    HUB_NOT_NAMED(
            400,
            false,
            "Which of your hubs is not said",
            "You are a member of more than one hub, and the request does not say for which one you act.",
            "Send the header Offshoot-Hub with the id of the hub."),
    SIGN_IN_REFUSED(
            401,
            false,
            "The sign-in is not accepted",
            "The challenge was answered before, has expired or was another one; or the signature is not that of the hub's key"
                    + " or the member's wallet; or there is no such hub, key or member. Which of these is not told.",
            "Ask for a new challenge, sign its very text, and send the signature once, within five minutes."),
    FORBIDDEN(
            403,
            false,
            "The credential does not allow this",
            "The credential's role does not include this call.",
            "Ask an owner of the hub."),
    MORE_THAN_OWN(
            403,
            false,
            "Nobody can give what he does not have",
            "A role or a scope was to be given that is not among your credential's own.",
            "Give less, or ask somebody who may do more."),
    SIGN_IN_NEEDED(
            403,
            false,
            "This takes somebody who signed in",
            "The hub wants every deployment signed, so no API key may change who can do what, or take that back.",
            "Sign in with a key or wallet of the hub, or ask an operator."),
    API_KEY_SHOWN_ONCE(
            409,
            false,
            "The API key was made, and is shown once only",
            "An earlier request with this Idempotency-Key made the key, and only its answer had it.",
            "If that answer was lost, revoke the key and make another with a new Idempotency-Key."),
    HUB_FULL(
            409,
            false,
            "The hub has as many of them as it can have",
            "The number of members and of API keys that hold is limited for each hub.",
            "Remove one that is not used any more."),
    LAST_OWNER(
            409,
            false,
            "A hub keeps at least one owner",
            "The change would leave the hub without an owner.",
            "Make somebody else an owner first, or ask an operator."),
    HUB_EXISTS(409, false, "There is such a hub already", "The id is taken.", "Choose another id."),
    PROOF_REFUSED(
            422,
            false,
            "The key is not proved",
            "The challenge was answered before, has expired or was made for another key; or the signature of the new key, or"
                    + " of the one before it, is not that of the challenge's text.",
            "Ask for a new challenge, sign its very text with each key it takes, and send the signatures once."),
    KEY_NOT_IN_USE(
            409,
            false,
            "The key is not in use any more",
            "The key was retired or revoked, and a key does not come back.",
            "Make a new key and register that one."),
    NEEDS_NOT_DONE(
            409,
            false,
            "A step this action needs is not done",
            "The action was triggered before the actions it needs had succeeded.",
            "Trigger those first, or run the whole deployment."),
    CONFLICTING_ARGUMENTS(
            409,
            false,
            "The action is running with other arguments",
            "A trigger gave arguments that differ from those of the run under way.",
            "Wait until it has ended, or trigger without arguments."),
    NEEDS_RESUME(
            409,
            false,
            "Some actions have failed",
            "The deployment was asked to run, but what is left has failed before.",
            "Ask for resume: it goes on from what failed."),
    NOTHING_TO_RESUME(
            409,
            false,
            "Nothing has failed",
            "The deployment was asked to resume, but no action of it has failed.",
            "Ask for run."),
    NOTHING_TO_CANCEL(
            409,
            false,
            "Nothing is under way",
            "What was asked to stop has not begun, or is over.",
            "GET the deployment: it shows where each action stands."),
    BEING_CANCELLED(
            409,
            true,
            "The action is being stopped",
            "The action was triggered while an earlier request to stop it is carried out.",
            "Wait until it is cancelled, then trigger it again."),
    BEING_TORN_DOWN(
            409,
            true,
            "The app is being taken down",
            "What the app had at the providers is being taken back, or was to be and is not yet.",
            "Wait until it is gone; if that failed, ask for resume."),
    STILL_RUNNING(
            409,
            true,
            "The app is still running",
            "Actions of the app are under way, and what they make cannot be taken back before they end.",
            "Wait until they have ended, or cancel them."),
    STALE_PLAN(
            409,
            false,
            "The plan is not of today",
            "Something was decided since the plan was made, a newer plan exists, or the plan could not read everything.",
            "Ask for a new plan, read it, and send its hash."),
    NAME_MISMATCH(
            422,
            false,
            "The name is not the app's",
            "To take an app down its name must be typed as it is.",
            "Type the app's name exactly as the plan shows it."),
    UNKNOWN_PLAN(
            404,
            false,
            "There is no such plan",
            "The id is wrong, or the plan is another deployment's.",
            "Ask for a new plan."),
    NO_RECEIPT_YET(
            404,
            true,
            "There is no receipt yet",
            "A receipt is made when nothing of the deployment is under way any more, and that has not come; or none was made after that event.",
            "Wait until the deployment has ended; without seq the newest receipt is shown."),
    SIGNATURE_REFUSED(
            422,
            false,
            "The signature is not one of the hub's",
            "The key is not a registered key of the hub that signs now, or it did not sign exactly this receipt.",
            "Sign the receipt as it is, payload and type, with a registered key of the hub."),
    DEPENDENTS_RUNNING(
            409,
            true,
            "Actions that need this one are running",
            "A rerun would change the outputs that those actions are working with.",
            "Wait until they have ended, or cancel them."),
    WORKFLOW_CHANGED(
            409,
            false,
            "The definition this deployment was made with is gone",
            "The installation no longer has this version of the workflow.",
            "Ask the operator to deploy the version that the deployment names."),
    NOT_REPLAYABLE(
            409,
            false,
            "The dead letter cannot be published again",
            "Its bytes were not kept, for they are too long or there were none, or nobody takes records in from its topic.",
            "Look the record up where the letter says it stood, and ask for the same anew."),
    NOT_SUPPORTED(
            422,
            false,
            "This request is not supported yet",
            "The installation knows the request but cannot carry it out in this version.",
            "Leave it out, or ask the operator when it comes."),
    INTENT_REQUIRED(
            403,
            false,
            "The hub deploys only what it signed",
            "The hub's policy requires a signed intent, and the request has none.",
            "Sign the request with a key of the hub, as docs/intents.md shows, and send the envelope as its member intent."),
    INTENT_NOT_ACCEPTED(
            422,
            false,
            "The hub takes no intents",
            "The request has an intent, and the hub's policy for intents is OFF.",
            "Leave the intent out, or have an owner set the policy to OPTIONAL or REQUIRED."),
    INTENT_REPLAYED(
            409,
            false,
            "The intent has been used",
            "An intent counts once: a deployment was made with its nonce.",
            "Sign a new intent with a new nonce. A repeat of the same request with the same Idempotency-Key needs none."),
    ARGS_NOT_SIGNED(
            403,
            false,
            "Arguments that were not signed",
            "The arguments would override what the hub signed, or must sign.",
            "Trigger without args, or sign a new deployment with other inputs."),
    NO_INTENT(
            404,
            false,
            "The deployment came without an intent",
            "Nobody signed what was asked for.",
            "Nothing: only deployments that were made with an intent have one."),
    INTENT_MALFORMED(
            422,
            false,
            "The intent is not well-formed",
            "It is no DSSE envelope, or what it says lacks something or has something unknown.",
            "Build it as docs/intents.md shows."),
    INTENT_PAYLOAD_TYPE(
            422,
            false,
            "The intent has another payloadType",
            "The envelope's payloadType is not application/vnd.in-toto+json.",
            "Sign with that payloadType: it is signed too."),
    INTENT_STATEMENT_TYPE(
            422,
            false,
            "The intent is another kind of statement",
            "The signed payload is not an in-toto Statement v1 with our predicateType.",
            "Build it as docs/intents.md shows."),
    INTENT_NOT_SIGNED(
            403,
            false,
            "The intent is not signed by the hub",
            "No signature of the envelope is by a key of the hub.",
            "Sign with a key that is registered for the hub. A changed byte breaks a signature too."),
    INTENT_KEY_REVOKED(
            403,
            false,
            "The intent's key is revoked",
            "The key that signed it does not count any more.",
            "Sign with a valid key of the hub."),
    INTENT_KEY_RETIRED(
            403,
            false,
            "The intent's key is retired",
            "Another key signs for the hub in its place.",
            "Sign with the newer key."),
    INTENT_KEY_WEAK(
            403,
            false,
            "The intent's key is not usable",
            "It is no Ed25519 key, or one with which anything verifies.",
            "Make a new key, and register it."),
    INTENT_OTHER_REQUEST(
            422,
            false,
            "The intent is of another request",
            "The digest of its subject is not that of the request's canonical form.",
            "Sign the request that you send. Compare the canonical forms, as docs/intents.md shows."),
    INTENT_OTHER_HUB(
            403,
            false,
            "The intent is of another hub",
            "It names another hub than your credential's.",
            "Sign with your hub's id."),
    INTENT_OTHER_AUDIENCE(
            422,
            false,
            "The intent is for another gateway",
            "Its audience is not this gateway's public address.",
            "Sign with the address that the hub's operator names, to the letter."),
    INTENT_NOT_YET(
            422,
            false,
            "The intent is not valid yet",
            "Its notBefore is in the future.",
            "Send it later, or set your clock."),
    INTENT_EXPIRED(422, false, "The intent is not valid any more", "Its notAfter is over.", "Sign a new one."),
    INTENT_WINDOW(
            422,
            false,
            "The intent's window is not allowed",
            "notBefore and notAfter must be in that order and at most 24 hours apart.",
            "Sign with a shorter window."),
    INTENT_OTHER_WORKFLOW(
            422,
            false,
            "The intent is of another workflow",
            "It names another workflow, version or digest than the deployment would be made with.",
            "Take id, version and digest from GET /api/v1/workflows, look at what changed, and sign again."),
    INTENT_OTHER_APPS(
            422,
            false,
            "The intent names other apps",
            "Its apps are not those of the request, in the request's order.",
            "Sign with the ids of the request's apps."),
    INTENT_OTHER_SECRETS(
            422,
            false,
            "The intent names other secrets",
            "Its secrets are not the names of the request's secrets, sorted.",
            "Sign with the names of the request's secrets."),
    INTENT_NONCE(
            422,
            false,
            "The intent's nonce is not usable",
            "It must have 32 to 128 hexadecimal digits in lower case.",
            "Make one with openssl rand -hex 16."),
    INTENT_NOT_CANONICAL(
            422,
            false,
            "The request has no one canonical form",
            "It has a number that not every reader reads alike, or half a character.",
            "Write numbers beyond 2^53 as text."),
    IDEMPOTENCY_KEY_REUSED(
            422,
            false,
            "The Idempotency-Key was used for another request",
            "The key belongs to a request with another body.",
            "Use a new key for a new request."),
    REQUEST_IN_PROGRESS(
            409,
            true,
            "The first request with this Idempotency-Key is still in progress",
            "Another request with the same key has not been answered yet.",
            "Repeat the same request after the time in Retry-After: it will have the same answer."),
    INVALID_IDEMPOTENCY_KEY(
            400,
            false,
            "The Idempotency-Key is not usable",
            "It must be 1 to 255 visible ASCII characters.",
            "Use a UUID."),
    IDEMPOTENCY_KEY_REQUIRED(
            400,
            false,
            "This request needs an Idempotency-Key",
            "Repeating it would do it once more, so a repeat must be told from a new request.",
            "Send an Idempotency-Key; a UUID will do."),
    TOO_MANY_STREAMS(
            429,
            true,
            "Too many open streams",
            "The gateway has as many open streams as it allows.",
            "Poll, or try again later."),
    TOO_MANY_TRIES(
            429,
            true,
            "Too many wrong tokens",
            "From this address, or for this token, came too many tokens that are not valid.",
            "Send a valid token after the time in Retry-After."),
    TOO_MANY_REQUESTS(
            429,
            true,
            "Too many requests",
            "The hub, or this address, sent more requests than are allowed in a time.",
            "Go on after the time in Retry-After, and more slowly."),
    UNAVAILABLE(
            503,
            true,
            "Not confirmed: try again",
            "A part of the system cannot be reached, so the request is not confirmed. It may still take effect.",
            "Repeat the same request after the time in Retry-After; repeating is safe."),
    INTERNAL(
            500,
            true,
            "Something went wrong on our side",
            "An error we did not foresee.",
            "Try again; if it stays, give the operator the traceId.");

    private final int status;
    private final boolean retryable;
    private final String title;
    private final String cause;
    private final String remedy;

    ProblemType(int status, boolean retryable, String title, String cause, String remedy) {
        this.status = status;
        this.retryable = retryable;
        this.title = title;
        this.cause = cause;
        this.remedy = remedy;
    }

    /** Stable, such as <code>unknown-workflow</code>. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The <code>type</code> member: a reference to the page about it, relative to the gateway. */
    public String type() {
        return "/problems/" + code();
    }

    public int status() {
        return status;
    }

    public boolean isRetryable() {
        return retryable;
    }

    public String title() {
        return title;
    }

    /** Why it happens. */
    public String cause() {
        return cause;
    }

    /** What can be done. */
    public String remedy() {
        return remedy;
    }
}
