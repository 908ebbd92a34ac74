package io.offshoot.proof.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.canonical.CanonicalJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventChainTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID DEPLOYMENT = UUID.fromString("01939f1e-0000-7000-8000-000000000001");

    @Test
    void theRuleIsAsItIsWritten() throws Exception {
        var start = CanonicalJson.sha256("offshoot.events.v1:01939f1e-0000-7000-8000-000000000001");
        var canonical = "{\"data\":{\"deploymentId\":\"%s\",\"seq\":1,\"state\":\"FAILED\"},\"id\":\"e1\"}"
                .formatted(DEPLOYMENT);
        var first = CanonicalJson.sha256(concat(HexFormat.of().parseHex(start), canonical.getBytes("UTF-8")));

        var chain = EventChain.of(DEPLOYMENT).then(event(1, "FAILED"));

        assertThat(EventChain.of(DEPLOYMENT).headHex()).isEqualTo(start);
        assertThat(chain.headHex()).isEqualTo(first);
        assertThat(chain.seq()).isEqualTo(1);
    }

    @Test
    void theOrderOfMembersAndBlanksDoesNotMatter() throws Exception {
        var one = JSON.readTree("{\"id\":\"e1\",\"data\":{\"seq\":1.0,\"deploymentId\":\"%s\"}}".formatted(DEPLOYMENT));
        var same = JSON.readTree(
                "{\"data\": {\"deploymentId\": \"%s\", \"seq\": 1},  \"id\":\"e1\"}".formatted(DEPLOYMENT));

        assertThat(EventChain.of(DEPLOYMENT).then(one))
                .isEqualTo(EventChain.of(DEPLOYMENT).then(same));
    }

    @Test
    void aChangedEventGivesAnotherHead() {
        var events = events();
        var head = over(events);
        ((ObjectNode) events.get(1).get("data")).put("state", "SUCCEEDED");

        assertThat(over(events)).isNotEqualTo(head);
    }

    @Test
    void anEventThatIsMissingIsNoticed() {
        var events = events();
        events.remove(1);

        assertThatThrownBy(() -> over(events)).hasMessage("Event 2 is not there");
    }

    @Test
    void eventsThatWereSwappedAreNoticedEvenIfTheyAreNumberedAnew() {
        var events = events();
        var head = over(events);
        Collections.swap(events, 0, 1);
        assertThatThrownBy(() -> over(events)).hasMessage("Event 1 is not there");

        ((ObjectNode) events.get(0).get("data")).put("seq", 1);
        ((ObjectNode) events.get(1).get("data")).put("seq", 2);

        assertThat(over(events)).isNotEqualTo(head);
    }

    @Test
    void theLastEventCannotBeLeftOut() {
        var events = events();
        var whole = over(events);
        events.remove(2);

        assertThat(over(events)).isNotEqualTo(whole);
        assertThat(over(events).seq()).isEqualTo(2);
    }

    @Test
    void anotherDeploymentsEventIsRefused() {
        assertThatThrownBy(() -> EventChain.of(UUID.randomUUID()).then(event(1, "FAILED")))
                .hasMessage("An event is of another deployment");
    }

    @Test
    void itGoesOnFromWhatWasKept() {
        var two = EventChain.of(DEPLOYMENT).then(event(1, "DISPATCHED")).then(event(2, "FAILED"));

        var kept = EventChain.at(DEPLOYMENT, two.seq(), two.head());

        assertThat(kept.then(event(3, "SKIPPED"))).isEqualTo(over(events()));
        assertThat(EventChain.at(DEPLOYMENT, 0, null)).isEqualTo(EventChain.of(DEPLOYMENT));
    }

    private static List<JsonNode> events() {
        return new ArrayList<>(List.of(event(1, "DISPATCHED"), event(2, "FAILED"), event(3, "SKIPPED")));
    }

    private static EventChain over(List<JsonNode> events) {
        var chain = EventChain.of(DEPLOYMENT);
        for (JsonNode event : events) {
            chain = chain.then(event);
        }
        return chain;
    }

    private static ObjectNode event(long seq, String state) {
        var event = JSON.createObjectNode().put("id", "e" + seq);
        event.putObject("data")
                .put("seq", seq)
                .put("deploymentId", DEPLOYMENT.toString())
                .put("state", state);
        return event;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        var whole = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, whole, a.length, b.length);
        return whole;
    }
}
