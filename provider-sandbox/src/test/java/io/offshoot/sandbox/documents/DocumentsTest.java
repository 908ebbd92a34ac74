package io.offshoot.sandbox.documents;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.outgoing.Delivery;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not as documented is noticed. */
class DocumentsTest {

    private static final String KEY = "{'key_id':'1','key':'AAAA'}";

    @Test
    void documentedExchangeIsFine() {
        assertThatCode(() -> Documents.check(
                        exchange("github", "GET", "/repos/o/r/actions/secrets/public-key", "", 200, KEY)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "github | GET   | /repos/o/r/actions/secrets/public-key | | 200 | {'key_id':'1'} | missing",
                "github | GET   | /repos/o/r/actions/secrets/public-key | | 200 | {'key_id':1,'key':'A'} | type",
                "github | GET   | /repos/o/r/topics | | 418 | {'message':'x'} | status.unknown",
                "github | GET   | /repos/o/r/nothing | | 200 | {} | path.missing",
                "github | PUT   | /repos/o/r/topics | {'topics':[]} | 200 | {'names':[]} | required",
                "vercel | GET   | /v9/projects/p | | 200 | {'id':'prj_1'} | nodeVersion",
                "vercel | GET   | /v9/projects/p?team=1 | | 404 | {'error':{'code':'a','message':'b'}} | query team",
                "vercel | GET   | /v8/projects/p | | 200 | {} | no such operation",
                "vercel | POST  | /v9/projects/p/domains/d/verify | | 418 | {'error':{'code':'a','message':'b'}} | 418",
                "vercel | POST  | /v2/files | | 400 | {'message':'x'} | no error of Vercel",
                "telegram | GET | /bot1:x/getMe | | 200 | {'ok':true,'result':{'id':1,'is_bot':true}} | username",
                "telegram | GET | /bot1:x/getMe | | 401 | {'ok':false,'error_code':401} | description",
                "telegram | GET | /bot1:x/getWebhookInfo | | 400 | {'ok':false,'error_code':401,'description':'x'} | error_code",
                "telegram | GET | /bot1:x/deleteWebhook | | 200 | {'ok':true,'result':true,'why':1} | why",
                "telegram | GET | /bot1:x/getNothing | | 200 | {'ok':true,'result':true} | no such operation",
                "aura  | GET   | /v1/instances/0a1b2c3d | | 200 | {'data':{'id':'0a1b2c3d'}} | missing",
                "aura  | GET   | /v1/nothing | | 200 | {} | path.missing",
                "vercel | POST  | /projects/p/transfer-request | {'to':'x'} | 200 | {'code':'x'} | request to",
            })
    void whatIsNotDocumentedIsNoticed(
            String provider, String method, String path, String body, int status, String answer, String said) {
        assertThatThrownBy(() -> Documents.check(exchange(provider, method, path, body, status, answer)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(said);
    }

    @Test
    void messageThatNoProviderWouldSendIsNoticed() {
        assertThatThrownBy(() -> Documents.check(message("github", "push", "{'ref':'refs/heads/main'}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("before");
        assertThatThrownBy(() -> Documents.check(message("telegram", "message", "{'update_id':'one'}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not assignable to type 'number'");
        assertThatThrownBy(() -> Documents.check(message("github", "earthquake", "{}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no type is known");
    }

    private static Delivery message(String provider, String event, String body) {
        String json = World.json(body).toString();
        return new Delivery(
                1, provider, event, "x", null, Map.of(), json, Instant.EPOCH, Instant.EPOCH, 0, false, null, null);
    }

    private static Exchange exchange(
            String provider, String method, String path, String body, int status, String answer) {
        String[] parts = path.split("\\?");
        Map<String, String> query = parts.length == 1 ? Map.of() : Map.of(parts[1].split("=")[0], "1");
        return new Exchange(
                provider,
                method,
                parts[0],
                query,
                Optional.ofNullable(body).filter(text -> !text.isEmpty()).map(World::json),
                status,
                Optional.of(World.json(answer)));
    }
}
