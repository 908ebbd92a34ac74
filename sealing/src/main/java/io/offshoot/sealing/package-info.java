/**
 * Secrets are closed where they come in and opened where they are used: HPKE (RFC 9180) with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256 and AES-256-GCM, bound to what the secret is for.
 */
package io.offshoot.sealing;
