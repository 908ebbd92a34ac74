package io.offshoot.orchestrator.outbox;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A message that commits together with what caused it and goes to Kafka afterwards. */
@Entity
@Immutable
@Table(name = "outbox")
public class OutboxMessage extends PanacheEntityBase {

    /** The message's id too, but for what is published again as it came. */
    @Id
    public UUID id;

    public String topic;

    /** The record's; null for none. */
    public String key;

    public byte[] body;

    /** A new message, not yet stored. */
    public static OutboxMessage of(UUID id, String topic, String key, byte[] body) {
        var message = new OutboxMessage();
        message.id = id;
        message.topic = topic;
        message.key = key;
        message.body = body;
        return message;
    }
}
