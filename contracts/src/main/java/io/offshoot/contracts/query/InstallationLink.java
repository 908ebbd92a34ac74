package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A link that lets somebody at GitHub install the App for a connection, as the gateway hands it on.
 *
 * @param stateSha256 in hexadecimal; the state itself goes to whoever asked, and nowhere else
 * @param account the organisation it is for
 * @param by the credential that asks
 */
public record InstallationLink(String stateSha256, String account, String by) {

    /**
     * Somebody has come back from GitHub with it.
     *
     * @param installation the number in the address: anybody can write any number there
     */
    public record Used(String stateSha256, long installation) {}

    /**
     * What the link was for.
     *
     * @param connection how it stands now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Outcome(String hub, String by, ConnectionView connection) {}
}
