package io.offshoot.gateway.signin;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.challenge.Asked;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Tokens;
import io.offshoot.gateway.limit.Tries;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The way in for people: a signature for a token. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sign-in")
class LoginResource {

    /** A wallet's answer has some hundred bytes. */
    private static final int MAX_BYTES = 8 * 1024;

    private static final Pattern HUB = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern KID = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final Caller caller;
    private final SignIn signIn;
    private final SignInConfig config;
    private final Tries tries;

    LoginResource(Caller caller, SignIn signIn, SignInConfig config, Tries tries) {
        this.caller = caller;
        this.tries = tries;
        this.signIn = signIn;
        this.config = config;
    }

    /**
     * Who wants to sign in: by one of both.
     *
     * @param kid the id of a key of the hub
     * @param address a wallet's, as the wallet tells it or in its readable form; a stake address for a member who is named
     *     by one
     */
    record Who(String hub, String kid, String address) {}

    /**
     * What a sign-in gives.
     *
     * @param token to be sent as Authorization: Bearer; nobody can show it again
     */
    @Schema(requiredProperties = {"token", "expiresAt", "hub", "role", "subject"})
    record SignedIn(String token, Instant expiresAt, String hub, String role, String subject) {

        static SignedIn of(Tokens.Issued issued) {
            var credential = issued.credential();
            return new SignedIn(
                    issued.secret(),
                    credential.expiresAt(),
                    credential.hub(),
                    credential.role().name().toLowerCase(Locale.ROOT),
                    credential.subject());
        }

        /** Never the token. */
        @Override
        public String toString() {
            return "sign-in of " + subject;
        }
    }

    @POST
    @Path("/login/challenge")
    @Consumes(MediaType.APPLICATION_JSON)
    @SecurityRequirements
    @Operation(
            operationId = "askToSignIn",
            summary = "Ask what is to be signed to sign in",
            description =
                    "The answer's `challenge` is signed as it is, as UTF-8, within five minutes. There is an answer "
                            + "for hubs, keys and wallets that are not known too.")
    @APIResponse(
            responseCode = "200",
            description = "What to sign",
            content = @Content(schema = @Schema(implementation = Asked.class)))
    public Uni<Response> ask(
            @RequestBody(content = @Content(schema = @Schema(implementation = Who.class))) byte[] body) {
        tries.mayTry(caller.address());
        var who = read(body, Who.class);
        if (who.hub() == null || !HUB.matcher(who.hub()).matches()) {
            throw invalid("/hub", "A hub's id is of lower-case letters, digits and hyphens, 63 characters at most.");
        }
        return signIn.ask(who.hub(), subject(who)).map(challenge -> unstored(Asked.of(challenge)));
    }

    private String subject(Who who) {
        if ((who.kid() == null) == (who.address() == null)) {
            throw invalid("", "Name either a kid or an address.");
        }
        if (who.kid() != null) {
            if (!KID.matcher(who.kid()).matches()) {
                throw invalid("/kid", "A key's id is the RFC 7638 thumbprint of its JWK.");
            }
            return SignIn.KEY + who.kid();
        }
        return CardanoAddress.read(who.address(), config.cardanoNetwork())
                .map(CardanoAddress::subject)
                .orElseThrow(() -> invalid(
                        "/address",
                        "This is not the address of a key on the network that this installation is set to."));
    }

    @POST
    @Path("/login")
    @Consumes(MediaType.APPLICATION_JSON)
    @SecurityRequirements
    @Operation(
            operationId = "signIn",
            summary = "Sign in with the signature of a challenge",
            description =
                    "`signature` is that of a hub's key, in base64; `wallet` is what a Cardano wallet's `signData` "
                            + "answered (CIP-30). Each challenge takes one answer, right or wrong.")
    @APIResponse(
            responseCode = "200",
            description = "A token for some hours",
            content = @Content(schema = @Schema(implementation = SignedIn.class)))
    public Uni<Response> signIn(
            @RequestBody(content = @Content(schema = @Schema(implementation = SignIn.Answer.class))) byte[] body) {
        var address = caller.address();
        tries.mayTry(address);
        var answer = read(body, SignIn.Answer.class);
        if (answer.nonce() == null || !NONCE.matcher(answer.nonce()).matches()) {
            throw invalid("/nonce", "This is not a challenge's nonce.");
        }
        if ((answer.signature() == null) == (answer.wallet() == null)) {
            throw invalid("", "Send either a signature or a wallet's answer.");
        }
        if (answer.wallet() != null
                && (answer.wallet().signature() == null || answer.wallet().key() == null)) {
            throw invalid("/wallet", "A wallet's answer has a signature and a key.");
        }
        var here = Audit.Entry.ofAnybody(caller, "", null, "", null, Audit.Outcome.REFUSED);
        SignIn.Asker asker = (who, hub, action, target, outcome) ->
                new Audit.Entry(hub, who, here.role(), action, target, outcome, here.address(), here.traceId());
        return signIn.finish(answer, asker)
                .onFailure(LoginResource::isWrong)
                .invoke(() -> tries.bad(address))
                .map(issued -> unstored(SignedIn.of(issued)));
    }

    private static boolean isWrong(Throwable failure) {
        return failure instanceof ProblemException refusal
                && ProblemType.SIGN_IN_REFUSED.code().equals(refusal.problem().code());
    }

    @POST
    @Path("/logout")
    @Operation(
            operationId = "signOut",
            summary = "Sign out",
            description = "The token of this call is none any more. Only what a sign-in gave can be ended so.")
    @APIResponse(responseCode = "204", description = "Signed out")
    public Uni<Response> signOut() {
        var credential = caller.credential();
        return signIn.signOut(credential, Audit.Entry.of(caller, credential.hub(), "sign-out", credential.id()))
                .map(done -> Response.noContent().build());
    }

    private static <T extends Record> T read(byte[] body, Class<T> type) {
        if (body.length > MAX_BYTES) {
            throw new ProblemException(ProblemType.BODY_TOO_LARGE, "What is sent to sign in is at most 8 KiB.");
        }
        return JsonBody.read(body, type);
    }

    private static Response unstored(Object entity) {
        return Response.ok(entity).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(Problem.of(
                ProblemType.INVALID_REQUEST,
                ProblemType.INVALID_REQUEST.title() + ".",
                List.of(new Problem.Invalid(pointer, detail))));
    }
}
