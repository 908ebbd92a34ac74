package io.offshoot.gateway.credential;

/**
 * Who calls.
 *
 * @param name for the record; never a secret
 * @param hub the hub the caller acts for
 */
public record Credential(String name, String hub, Role role) {}
