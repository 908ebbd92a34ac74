package io.offshoot.sealing;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The one way in which we seal. */
final class Hpke {

    static final Configuration CONFIGURATION = HybridConfig2026.get();
    static final HpkeParameters PARAMETERS;

    static {
        try {
            PARAMETERS = HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.TINK)
                    .build();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Tink has no HPKE", impossible);
        }
    }

    private Hpke() {}

    /** Whether every key of it is made for the way in which we seal. */
    static boolean isOurs(KeysetHandle keyset) {
        for (int i = 0; i < keyset.size(); i++) {
            if (!PARAMETERS.equals(keyset.getAt(i).getKey().getParameters())) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 of the bytes of the key, in base64url. */
    static String fingerprint(HpkePublicKey key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(key.getPublicKeyBytes().toByteArray());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
