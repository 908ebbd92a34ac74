import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Another service that wants to know how deployments go. It needs nothing of ours: a Kafka client, and the page about
 * the messages. Prints one line per transition: deployment, seq, app, step, state.
 */
public final class Subscriber {

    private static final String EVENT = "io.offshoot.deployment-event.v1";

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: Subscriber BOOTSTRAP_SERVERS GROUP");
            System.exit(2);
        }
        var settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("group.id", args[1]);
        // A new group begins with the oldest event.
        settings.put("auto.offset.reset", "earliest");
        var json = new ObjectMapper();
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("deployment.events"));
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    var message = json.readTree(record.value());
                    if (!EVENT.equals(message.path("type").asText())) {
                        continue;
                    }
                    // Records may come twice and, within a deployment, out of order: seq tells.
                    var event = message.get("data");
                    System.out.printf(
                            "%s %d %s %s %s%n",
                            event.get("deploymentId").asText(),
                            event.get("seq").asLong(),
                            event.get("appId").asText(),
                            event.get("stepId").asText(),
                            event.get("state").asText());
                }
            }
        }
    }
}
