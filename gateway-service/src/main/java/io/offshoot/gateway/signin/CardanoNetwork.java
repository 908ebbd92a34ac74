package io.offshoot.gateway.signin;

/** Where an address is of, as its first byte says (CIP-19). All test networks have the same id. */
enum CardanoNetwork {
    TESTNET(0, "_test"),
    MAINNET(1, "");

    private final int id;
    private final String suffix;

    CardanoNetwork(int id, String suffix) {
        this.id = id;
        this.suffix = suffix;
    }

    int id() {
        return id;
    }

    /** What the readable form of an address has after <code>addr</code> or <code>stake</code>. */
    String suffix() {
        return suffix;
    }
}
