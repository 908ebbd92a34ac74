package io.offshoot.sandbox.front;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.state.Store;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Optional;

/**
 * The sandbox without its control API and without Quarkus, from compiled classes: for contract tests of executors, which
 * run it as a process of its own. Prints its port, and ends when its input does.
 */
public final class StandaloneSandbox {

    private StandaloneSandbox() {}

    /** @param args the organisation, and its token at GitHub */
    public static void main(String[] args) throws Exception {
        var account = Account.of(args[0], args[1], "team_example", "example", "vercel-token");
        var sandbox = new Sandbox(
                Store.inMemory(),
                Clock.systemUTC(),
                account,
                Optional.empty(),
                "offshoot-upstream",
                Settings.withTimeScale(0.02));
        var vertx = Vertx.vertx();
        var router = Router.router(vertx);
        new Front(sandbox, vertx, new ObjectMapper()).routes(router);
        var server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        System.out.println(server.actualPort());
        // Whoever started it holds the other end, also when it is killed.
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
