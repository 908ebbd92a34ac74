package io.offshoot.gateway.signin;

import co.nstant.in.cbor.model.ByteString;
import co.nstant.in.cbor.model.DataItem;
import co.nstant.in.cbor.model.MajorType;
import co.nstant.in.cbor.model.Map;
import co.nstant.in.cbor.model.NegativeInteger;
import co.nstant.in.cbor.model.SimpleValue;
import co.nstant.in.cbor.model.SimpleValueType;
import co.nstant.in.cbor.model.UnicodeString;
import co.nstant.in.cbor.model.UnsignedInteger;
import com.bloxbean.cardano.client.cip.cip8.COSESign1;
import com.bloxbean.cardano.client.crypto.Blake2bUtil;
import io.offshoot.proof.key.VerifyingKey;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a wallet's <code>signData</code> answers (CIP-30): a signature as CIP-8 has it, a COSE_Sign1, and the key it was
 * made with, a COSE_Key. Everything that is believed is signed: algorithm and address stand in the protected header.
 */
final class WalletSignature {

    private static final DataItem ALG = new UnsignedInteger(1);
    private static final DataItem CRIT = new UnsignedInteger(2);
    private static final DataItem KID = new UnsignedInteger(4);
    private static final DataItem ADDRESS = new UnicodeString("address");
    private static final DataItem HASHED = new UnicodeString("hashed");
    private static final DataItem EDDSA = new NegativeInteger(-8);

    private static final DataItem KEY_KTY = new UnsignedInteger(1);
    private static final DataItem KEY_KID = new UnsignedInteger(2);
    private static final DataItem KEY_ALG = new UnsignedInteger(3);
    private static final DataItem KEY_CRV = new NegativeInteger(-1);
    private static final DataItem KEY_X = new NegativeInteger(-2);
    private static final DataItem KEY_D = new NegativeInteger(-4);
    private static final DataItem OKP = new UnsignedInteger(1);
    private static final DataItem ED25519 = new UnsignedInteger(6);

    private final COSESign1 signed;
    private final VerifyingKey key;
    private final byte[] address;
    private final boolean hashed;

    private WalletSignature(COSESign1 signed, VerifyingKey key, byte[] address, boolean hashed) {
        this.signed = signed;
        this.key = key;
        this.address = address;
        this.hashed = hashed;
    }

    /**
     * @param signature the COSE_Sign1, in hexadecimal
     * @param key the COSE_Key, in hexadecimal
     * @throws IllegalArgumentException if it is anything else than what CIP-30 says
     */
    static WalletSignature read(String signature, String key) {
        var whole = Cbor.read(HexFormat.of().parseHex(signature));
        mustBe(whole.getMajorType() == MajorType.ARRAY, "This is no COSE_Sign1");
        var parts = ((co.nstant.in.cbor.model.Array) whole).getDataItems();
        mustBe(
                parts.size() == 4
                        && parts.get(0) instanceof ByteString
                        && parts.get(1) instanceof Map
                        && parts.get(2) instanceof ByteString
                        && parts.get(3) instanceof ByteString,
                "This is no COSE_Sign1");
        var header = map(Cbor.read(((ByteString) parts.get(0)).getBytes()));
        var unprotected = (Map) parts.get(1);
        mustBe(EDDSA.equals(header.get(ALG)), "The algorithm is not EdDSA");
        mustBe(header.get(CRIT) == null && unprotected.get(CRIT) == null, "A header is critical that is not known");
        var coseKey = map(Cbor.read(HexFormat.of().parseHex(key)));
        mustBe(
                header.get(KID) == null
                        || coseKey.get(KEY_KID) == null
                        || header.get(KID).equals(coseKey.get(KEY_KID)),
                "The signature names another key");
        return new WalletSignature(
                COSESign1.deserialize(whole), key(coseKey), bytes(header.get(ADDRESS)), flag(unprotected.get(HASHED)));
    }

    /** Who signed, by the address that was signed with it. */
    byte[] address() {
        return address.clone();
    }

    VerifyingKey key() {
        return key;
    }

    /** Whether its key signed exactly these bytes, or their BLAKE2b-224 if it says so. */
    boolean isOver(byte[] message) {
        var payload = hashed ? Blake2bUtil.blake2bHash224(message) : message;
        return Arrays.equals(payload, signed.payload())
                && key.verifies(signed.signedData().serializeAsBytes(), signed.signature());
    }

    private static VerifyingKey key(Map key) {
        mustBe(
                OKP.equals(key.get(KEY_KTY)) && ED25519.equals(key.get(KEY_CRV)) && key.get(KEY_D) == null,
                "This is no Ed25519 public key");
        mustBe(key.get(KEY_ALG) == null || EDDSA.equals(key.get(KEY_ALG)), "The key is not for EdDSA");
        return VerifyingKey.of(bytes(key.get(KEY_X)));
    }

    private static boolean flag(DataItem value) {
        if (value == null) {
            return false;
        }
        mustBe(value instanceof SimpleValue, "The flag hashed is neither true nor false");
        var type = ((SimpleValue) value).getSimpleValueType();
        mustBe(
                type == SimpleValueType.TRUE || type == SimpleValueType.FALSE,
                "The flag hashed is neither true nor false");
        return type == SimpleValueType.TRUE;
    }

    private static Map map(DataItem item) {
        mustBe(item instanceof Map, "This is no map");
        return (Map) item;
    }

    private static byte[] bytes(DataItem item) {
        mustBe(item instanceof ByteString, "These are no bytes");
        return ((ByteString) item).getBytes();
    }

    private static void mustBe(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
