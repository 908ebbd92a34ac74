package io.offshoot.contracts.action;

/** What becomes of repositories that are taken back. Everything else is deleted. */
public enum Removal {
    /** They stay, read only. */
    ARCHIVE,
    /** They are deleted, with all that people wrote in them. */
    DELETE
}
