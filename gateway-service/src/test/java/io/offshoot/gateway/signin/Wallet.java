package io.offshoot.gateway.signin;

import co.nstant.in.cbor.CborEncoder;
import co.nstant.in.cbor.CborException;
import co.nstant.in.cbor.model.ByteString;
import co.nstant.in.cbor.model.DataItem;
import co.nstant.in.cbor.model.UnsignedInteger;
import com.bloxbean.cardano.client.account.Account;
import com.bloxbean.cardano.client.address.Address;
import com.bloxbean.cardano.client.cip.cip30.CIP30DataSigner;
import com.bloxbean.cardano.client.cip.cip30.DataSignError;
import com.bloxbean.cardano.client.cip.cip8.COSEKey;
import com.bloxbean.cardano.client.cip.cip8.HeaderMap;
import com.bloxbean.cardano.client.cip.cip8.Headers;
import com.bloxbean.cardano.client.cip.cip8.ProtectedHeaderMap;
import com.bloxbean.cardano.client.cip.cip8.builder.COSESign1Builder;
import com.bloxbean.cardano.client.common.model.Networks;
import com.bloxbean.cardano.client.crypto.config.CryptoConfiguration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/** A wallet in a test: it answers as wallets do, or as somebody would who wants to get in. */
final class Wallet {

    private static final HexFormat HEX = HexFormat.of();

    private final Account account;

    private Wallet(Account account) {
        this.account = account;
    }

    static Wallet onMainnet() {
        return new Wallet(new Account(Networks.mainnet()));
    }

    static Wallet onTestnet() {
        return new Wallet(new Account(Networks.testnet()));
    }

    String stakeAddress() {
        return account.stakeAddress();
    }

    String baseAddress() {
        return account.baseAddress();
    }

    String enterpriseAddress() {
        return account.enterpriseAddress();
    }

    private boolean isStake(String address) {
        return address.startsWith("stake");
    }

    /** The public key that goes with an address. */
    byte[] publicKey(String address) {
        return isStake(address) ? account.stakeHdKeyPair().getPublicKey().getKeyData() : account.publicKeyBytes();
    }

    private byte[] privateKey(String address) {
        return isStake(address) ? account.stakeHdKeyPair().getPrivateKey().getKeyData() : account.privateKeyBytes();
    }

    /** What <code>signData</code> answers, as JSON has it. */
    Map<String, String> signs(String address, String text, boolean hashed) {
        try {
            var answer = CIP30DataSigner.INSTANCE.signData(
                    new Address(address).getBytes(),
                    text.getBytes(StandardCharsets.UTF_8),
                    privateKey(address),
                    publicKey(address),
                    hashed);
            return Map.of("signature", answer.signature(), "key", answer.key());
        } catch (DataSignError e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Signs with headers of one's own choice, and truly.
     *
     * @param signer the address whose key signs
     */
    Map<String, String> signs(
            String signer,
            byte[] payload,
            boolean hashed,
            Consumer<HeaderMap> protectedHeader,
            Consumer<HeaderMap> unprotectedHeader,
            Consumer<COSEKey> key) {
        var inside = new HeaderMap();
        protectedHeader.accept(inside);
        var outside = new HeaderMap();
        unprotectedHeader.accept(outside);
        var headers = new Headers()._protected(new ProtectedHeaderMap(inside)).unprotected(outside);
        var builder = new COSESign1Builder(headers, payload, false).hashed(hashed);
        var signature = CryptoConfiguration.INSTANCE
                .getSigningProvider()
                .signExtended(builder.makeDataToSign().serializeAsBytes(), privateKey(signer));
        var coseKey = new COSEKey()
                .keyType(1)
                .algorithmId(-8)
                .addOtherHeader(-1, new UnsignedInteger(6))
                .addOtherHeader(-2, new ByteString(publicKey(signer)));
        key.accept(coseKey);
        return Map.of(
                "signature", HEX.formatHex(builder.build(signature).serializeAsBytes()),
                "key", HEX.formatHex(coseKey.serializeAsBytes()));
    }

    static byte[] bytes(String address) {
        return new Address(address).getBytes();
    }

    static String hex(DataItem item) {
        try {
            var bytes = new ByteArrayOutputStream();
            new CborEncoder(bytes).encode(item);
            return HEX.formatHex(bytes.toByteArray());
        } catch (CborException e) {
            throw new IllegalStateException(e);
        }
    }
}
