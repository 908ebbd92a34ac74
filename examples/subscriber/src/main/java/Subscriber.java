import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints every event of every deployment in the order of its seq, each once. */
public final class Subscriber {

    private static final String TYPE = "io.offshoot.deployment-event.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What has come of one deployment and is not printed yet, for an event before it is missing. */
    private static final class Deployment {
        private final TreeMap<Long, JsonNode> waiting = new TreeMap<>();
        private long printed;
    }

    private final Map<String, Deployment> deployments = new HashMap<>();

    private Subscriber() {}

    public static void main(String[] args) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", args.length > 0 ? args[0] : "127.0.0.1:9092",
                "group.id", "example-subscriber",
                // We remember nothing ourselves, so every start reads from the beginning.
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest");
        var subscriber = new Subscriber();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("deployment.events"));
            while (true) {
                for (var event : consumer.poll(Duration.ofSeconds(1))) {
                    subscriber.take(event.value());
                }
            }
        }
    }

    private void take(String value) {
        JsonNode event;
        try {
            event = JSON.readTree(value == null ? "" : value);
        } catch (JsonProcessingException e) {
            System.err.println("Passed over a record that is not JSON");
            return;
        }
        if (!TYPE.equals(event.path("type").asText())) {
            return;
        }
        var data = event.path("data");
        var deployment = deployments.computeIfAbsent(data.path("deploymentId").asText(), id -> new Deployment());
        var seq = data.path("seq").asLong();
        if (seq > deployment.printed) {
            deployment.waiting.put(seq, data);
        }
        while (deployment.waiting.containsKey(deployment.printed + 1)) {
            print(deployment.waiting.remove(++deployment.printed));
        }
    }

    private static void print(JsonNode event) {
        System.out.printf(
                "%s  %s #%d  %s/%s  %s%n",
                event.path("at").asText(),
                event.path("deploymentId").asText(),
                event.path("seq").asLong(),
                event.path("appId").asText(),
                event.path("stepId").asText(),
                event.path("state").asText());
    }
}
