package io.offshoot.executorkit.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsDigestTest {

    record Settings(String name, List<String> targets, Map<String, String> more) {}

    @Test
    void itIsTheSha256OfTheSettingsAsJsonInOrder() {
        // printf '{"more":{"a":"1","b":"2"},"name":"docs","targets":["x"]}' | sha256sum
        assertThat(SettingsDigest.of(new Settings("docs", List.of("x"), ordered("b", "2", "a", "1"))))
                .isEqualTo("4ff062d593ce6da166462f0374733781ac2727d5debbba60978b930b2012e32c");
    }

    @Test
    void theOrderOfMembersDoesNotCountAndThatOfAListDoes() {
        var digest = SettingsDigest.of(new Settings("docs", List.of("x", "y"), ordered("a", "1", "b", "2")));

        assertThat(SettingsDigest.of(new Settings("docs", List.of("x", "y"), ordered("b", "2", "a", "1"))))
                .isEqualTo(digest);
        assertThat(SettingsDigest.of(new Settings("docs", List.of("y", "x"), ordered("a", "1", "b", "2"))))
                .isNotEqualTo(digest);
    }

    private static Map<String, String> ordered(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
