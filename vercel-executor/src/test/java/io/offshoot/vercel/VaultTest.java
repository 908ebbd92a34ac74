package io.offshoot.vercel;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.secret.VaultReference;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.secret.Vault;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hub's secret is read from version 2 of Vault's key-value engine. The answers are those of its
 * <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">API's documentation</a>.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class VaultTest {

    private static final String SENTINEL = "hunter2-the-sentinel";
    private static final VaultReference PLACE = new VaultReference("bots/news", "token");
    private static final String URL = "/v1/secret/data/offshoot/hub-a/bots/news";

    @Inject
    Vault vault;

    WireMockServer server;

    @BeforeEach
    void reset() {
        server.resetAll();
    }

    @Test
    void aSecretIsReadBelowItsHubsOwnPathEveryTimeItIsUsed() {
        answers(SENTINEL);
        var first = vault.read("hub-a", PLACE);
        answers("changed");

        var second = vault.read("hub-a", PLACE);

        assertThat(first.text()).isEqualTo(SENTINEL);
        assertThat(second.text()).isEqualTo("changed");
        server.verify(
                2, getRequestedFor(urlEqualTo(URL)).withHeader("X-Vault-Token", equalTo(VercelResource.VAULT_TOKEN)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | '{\"errors\":[]}' | CREDENTIAL | vault-secret-missing",
                // Deleted, but not destroyed
                "404 | '{\"data\":{\"data\":null,\"metadata\":{\"version\":1}}}' | CREDENTIAL | vault-secret-missing",
                "200 | '{\"data\":{\"data\":{\"other\":\"x\"},\"metadata\":{\"version\":1}}}' | CREDENTIAL | vault-secret-missing",
                "200 | '{\"data\":{\"data\":{\"token\":7},\"metadata\":{\"version\":1}}}' | CREDENTIAL | vault-secret-unfit",
                "200 | '{\"data\":{\"data\":{\"token\":\"\"},\"metadata\":{\"version\":1}}}' | CREDENTIAL | vault-secret-unfit",
                "403 | '{\"errors\":[\"1 error occurred: permission denied\"]}' | CREDENTIAL | vault-refused",
                "503 | '{\"errors\":[\"Vault is sealed\"]}' | RETRYABLE | vault-unreachable",
                "500 | 'hunter2' | RETRYABLE | vault-unreachable",
                "200 | 'no JSON' | RETRYABLE | vault-unreachable"
            })
    void whatTheVaultDoesNotGiveIsToldWithoutItsAnswer(int status, String body, FailureClass kind, String code) {
        server.stubFor(get(URL).willReturn(jsonResponse(body, status)));

        var failure = refusal();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.getMessage()).doesNotContain("bots", "hunter2", "permission", "sealed", "hvs.");
    }

    @Test
    void aVaultThatHangsUpIsTriedAgainLater() {
        server.stubFor(get(URL).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThat(refusal().kind()).isEqualTo(FailureClass.RETRYABLE);
    }

    @Test
    void aVaultThatSaysNothingIsTriedAgainLater() {
        server.stubFor(get(anyUrl()).willReturn(aResponse().withFixedDelay(5_000)));

        assertThat(refusal().kind()).isEqualTo(FailureClass.RETRYABLE);
    }

    private ProviderException refusal() {
        return catchThrowableOfType(ProviderException.class, () -> vault.read("hub-a", PLACE));
    }

    private void answers(String value) {
        server.stubFor(get(URL).willReturn(jsonResponse("""
                {"request_id": "1", "lease_id": "", "renewable": false, "lease_duration": 0,
                 "data": {"data": {"token": "%s"},
                          "metadata": {"created_time": "2026-11-21T10:00:00Z", "custom_metadata": null,
                                       "deletion_time": "", "destroyed": false, "version": 2}}}
                """.formatted(value), 200)));
    }
}
