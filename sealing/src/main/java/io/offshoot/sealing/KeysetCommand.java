package io.offshoot.sealing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes, renews and shows the private keyset of an executor:
 *
 * <pre>
 * java -cp 'lib/main/*' io.offshoot.sealing.KeysetCommand new    vercel keyset.json
 * java -cp 'lib/main/*' io.offshoot.sealing.KeysetCommand rotate vercel keyset.json
 * java -cp 'lib/main/*' io.offshoot.sealing.KeysetCommand show   vercel keyset.json
 * java -cp 'lib/main/*' io.offshoot.sealing.KeysetCommand drop   vercel keyset.json FINGERPRINT
 * </pre>
 *
 * It prints fingerprints, and nothing else of a key.
 */
public final class KeysetCommand {

    private static final String USAGE =
            "new|rotate|show PROVIDER FILE, or drop PROVIDER FILE FINGERPRINT: the private keyset of an executor";

    private final PrintStream out;
    private final PrintStream err;

    KeysetCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        var status = new KeysetCommand(System.out, System.err).run(List.of(args));
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Answers the exit status. */
    int run(List<String> args) {
        if (args.size() < 3 || args.size() != (args.get(0).equals("drop") ? 4 : 3)) {
            return fail(USAGE);
        }
        var provider = args.get(1);
        var file = Path.of(args.get(2));
        try {
            switch (args.get(0)) {
                case "new" -> {
                    if (Files.exists(file)) {
                        return fail("There is a file of that name. It is not touched");
                    }
                    write(Opener.generate(provider), file);
                }
                case "rotate" -> write(Opener.read(provider, file).rotated(), file);
                case "drop" -> write(Opener.read(provider, file).without(args.get(3)), file);
                case "show" -> show(Opener.read(provider, file));
                default -> {
                    return fail(USAGE);
                }
            }
            return 0;
        } catch (IOException e) {
            return fail("The file cannot be read or written");
        } catch (IllegalArgumentException e) {
            return fail(e.getMessage());
        }
    }

    private void write(Opener opener, Path file) throws IOException {
        opener.write(file);
        show(opener);
    }

    private void show(Opener opener) {
        var primary = opener.recipient().fingerprint();
        out.println(primary + " seals and opens");
        opener.recipient().fingerprints().stream()
                .filter(fingerprint -> !fingerprint.equals(primary))
                .sorted()
                .forEach(fingerprint -> out.println(fingerprint + " opens"));
    }

    private int fail(String why) {
        err.println(why);
        return 1;
    }
}
