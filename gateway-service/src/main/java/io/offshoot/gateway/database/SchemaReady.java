package io.offshoot.gateway.database;

/** Told once: the database is there, and of this release. */
public record SchemaReady() {}
