package io.offshoot.sandbox.documents;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.sandbox.World;
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
                "vercel | POST  | /projects/p/transfer-request | {'to':'x'} | 200 | {'code':'x'} | request to",
            })
    void whatIsNotDocumentedIsNoticed(
            String provider, String method, String path, String body, int status, String answer, String said) {
        assertThatThrownBy(() -> Documents.check(exchange(provider, method, path, body, status, answer)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(said);
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
