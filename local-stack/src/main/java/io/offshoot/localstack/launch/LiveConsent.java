package io.offshoot.localstack.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.stack.StackOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lists what a <code>--live</code> run makes in real accounts, and asks. */
final class LiveConsent {

    private LiveConsent() {}

    static boolean given(StackOptions options, Path example, PrintStream out) throws StackException, IOException {
        if (!Boolean.getBoolean("offshoot.terminal")) {
            throw new StackException("--live asks before it creates anything, and there is no terminal to ask on.");
        }
        return given(
                options, example, out, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }

    static boolean given(StackOptions options, Path example, PrintStream out, BufferedReader answers)
            throws IOException {
        var accounts = options.live().orElseThrow();
        var body = new ObjectMapper().readTree(Files.readString(example));
        out.println("This creates in real accounts:");
        for (var app : body.path("apps")) {
            var name = body.path("config").path("slug").asText() + "-"
                    + app.path("appId").asText();
            out.printf(
                    "  GitHub  repository %s/%s, a copy of %s%n", accounts.organization(), name, accounts.upstream());
            out.printf("  Vercel  project %s in team %s, with a production deployment%n", name, accounts.team());
        }
        out.println("Nothing removes them but you. This has not been tried against the real providers.");
        out.print("Type yes to go on: ");
        out.flush();
        var given = "yes".equals(answers.readLine());
        if (!given) {
            out.println("Nothing was created.");
        }
        return given;
    }
}
