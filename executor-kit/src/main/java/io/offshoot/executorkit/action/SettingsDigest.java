package io.offshoot.executorkit.action;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.offshoot.contracts.message.Messages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the ledger keeps of the settings that an action gave a thing: enough to tell whether two are equal. Whoever
 * reads the ledger could try values until one fits, so nothing that may be secret belongs among the settings.
 */
public final class SettingsDigest {

    private static final ObjectMapper CANONICAL =
            Messages.json().copy().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private SettingsDigest() {}

    /**
     * SHA-256, in hex, of the settings as JSON without blanks, the members of every object in order.
     *
     * @param settings a record, or a map
     */
    public static String of(Object settings) {
        try {
            // Records become maps, whose members are then written in order.
            var json = CANONICAL.writeValueAsString(CANONICAL.convertValue(settings, Object.class));
            var digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON", e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
