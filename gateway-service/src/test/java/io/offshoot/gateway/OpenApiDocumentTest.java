package io.offshoot.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The API document that is kept, from which clients are made, is the one that the gateway serves. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class OpenApiDocumentTest {

    private static final Path KEPT = Path.of("../contracts/openapi.yaml");

    @Test
    void whatIsKeptIsWhatIsServed() throws IOException {
        var served = given().get("/q/openapi?format=yaml").asString();
        if (Boolean.getBoolean("update-openapi") || "".equals(System.getProperty("update-openapi"))) {
            Files.writeString(KEPT, served);
        }

        assertThat(Files.readString(KEPT).equals(served))
                .as("contracts/openapi.yaml is not what the gateway serves; update it: mvn -pl gateway-service -am test"
                        + " -Dtest=OpenApiDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dupdate-openapi")
                .isTrue();
    }
}
