package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a person must do before a waiting step can go on.
 *
 * @param what the task in plain words
 * @param link where it is done; null if there is no such page
 * @param dnsRecords the DNS records to set; empty if none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(requiredProperties = {"what"})
public record Instructions(String what, URI link, List<DnsRecord> dnsRecords) {

    /** One row to enter at the domain's registrar. */
    @Schema(requiredProperties = {"type", "name", "value"})
    public record DnsRecord(String type, String name, String value) {

        public DnsRecord {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public Instructions {
        Objects.requireNonNull(what, "what");
        dnsRecords = dnsRecords == null ? List.of() : List.copyOf(dnsRecords);
    }
}
