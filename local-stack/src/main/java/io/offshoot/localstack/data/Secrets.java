package io.offshoot.localstack.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.localstack.StackException;
import io.offshoot.proof.key.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The folder's tokens and keys. Each is made when it is first asked for, and kept. Prints none. */
public final class Secrets {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final SecureRandom random;
    private final ObjectNode tokens;

    private Secrets(Path file, SecureRandom random, ObjectNode tokens) {
        this.file = file;
        this.random = random;
        this.tokens = tokens;
    }

    public static Secrets in(DataFolder folder) throws StackException {
        var file = folder.resolve("secrets.json");
        try {
            var tokens = Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
            if (tokens instanceof ObjectNode object) {
                return new Secrets(file, new SecureRandom(), object);
            }
            throw new StackException("%s is damaged; choose another folder with --data.".formatted(file));
        } catch (JsonProcessingException e) {
            throw new StackException("%s is damaged; choose another folder with --data.".formatted(file), e);
        } catch (IOException e) {
            throw new StackException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The token of that name: the prefix and 40 hexadecimal digits. */
    public synchronized String token(String name, String prefix) throws IOException {
        if (!tokens.hasNonNull(name)) {
            var bytes = new byte[20];
            random.nextBytes(bytes);
            tokens.put(name, prefix + HexFormat.of().formatHex(bytes));
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tokens) + "\n");
        }
        return tokens.get(name).asText();
    }

    /** The file with the signing key of that name: PKCS#8 in PEM. */
    public synchronized Path signingKey(String name) throws IOException {
        var key = file.resolveSibling(name + ".pem");
        if (!Files.exists(key)) {
            PrivateFiles.write(key, SigningKey.generate().toPem());
        }
        return key;
    }

    /** What a service that only checks a token is given. */
    public static String sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Secrets in " + file;
    }
}
