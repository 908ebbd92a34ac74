package io.offshoot.contracts.query;

/**
 * A signature of the hub under a receipt, verified by the gateway.
 *
 * @param keyid the thumbprint of the hub's key (RFC 7638)
 * @param sig in base64
 * @param signedBy the name of the credential that brought it
 */
public record CounterSignature(String keyid, String sig, String signedBy) {}
