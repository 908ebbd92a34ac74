package io.offshoot.sandbox.telegram;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.outgoing.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelegramTest {

    private static final String HERE = "http://127.0.0.1:1/updates";

    private final World world = World.inMemory();

    @Test
    void botIsKnownByItsToken() {
        assertThat(body(world.telegram("getMe", "")).at("/result/username").asText())
                .isEqualTo("hub_bot");
        assertThat(asked("123456:wrong").status()).isEqualTo(401);
        assertThat(body(asked("123456:wrong")).get("description").asText()).isEqualTo("Unauthorized");
        assertThat(world.unknown("telegram", "GET", "/bot123456/getMe", null).status())
                .isEqualTo(404);
    }

    @Test
    void tokenStandsInNoEntryOfTheJournal() {
        world.telegram("getMe", "");
        asked("123456:wrong");
        world.telegram("setWebhook", "{'url':'" + HERE + "','secret_token':'hush'}");
        world.pass(1);
        world.call("telegram", "GET", "/bot" + World.BOT + "/setWebhook?url=" + HERE + "&secret_token=hush", null, "");
        world.unknown("telegram", "GET", "/bot" + World.BOT + "/nothing", null);

        assertThat(world.sandbox().journal().entries().toString())
                .contains("/bot123456:[redacted]/getMe")
                .doesNotContain("bot-token", "wrong", "hush");
    }

    @Test
    void tokenIsRefusedOnceOnDemand() {
        world.fault("{'match':{'provider':'telegram'},'then':{'unauthorized':true}}");

        assertThat(world.telegram("getMe", "").status()).isEqualTo(401);
        assertThat(world.telegram("getMe", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://bot.example.org/x | bad webhook: An HTTPS URL must be provided for webhook",
                "https://bot.example.org:8080/x | bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
                "https://nowhere/x | bad webhook: Failed to resolve host: Name or service not known",
            })
    void webhookNeedsAnAddressOfTheRightKind(String url, String said) {
        Answer refused = world.telegram("setWebhook", "{'url':'" + url + "'}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(body(refused).get("description").asText()).isEqualTo("Bad Request: " + said);
        assertThat(info().get("url").asText()).isEmpty();
    }

    @Test
    void addressOfThisMachineIsAllowedAndThatIsSaid() {
        Answer set = world.telegram("setWebhook", "{'url':'" + HERE + "'}");

        assertThat(body(set).get("description").asText()).contains("sandbox");
        assertThat(info().get("url").asText()).isEqualTo(HERE);
    }

    @Test
    void secondWebhookTakesThePlaceOfTheFirst() {
        world.telegram("setWebhook", "{'url':'https://one.example.org/x'}");
        world.pass(1);
        Answer again = world.telegram("setWebhook", "{'url':'https://one.example.org/x'}");
        world.pass(1);
        world.telegram("setWebhook", "{'url':'https://two.example.org/x','max_connections':5}");

        assertThat(body(again).get("description").asText()).isEqualTo("Webhook is already set");
        assertThat(info().get("url").asText()).isEqualTo("https://two.example.org/x");
        assertThat(info().get("max_connections").asInt()).isEqualTo(5);
        assertThat(world.telegram("deleteWebhook", "").status()).isEqualTo(200);
        assertThat(info().get("url").asText()).isEmpty();
    }

    @Test
    void settingTheWebhookTooOftenMeetsTheFloodControl() {
        world.telegram("setWebhook", "{'url':'" + HERE + "'}");
        Answer refused = world.telegram("setWebhook", "{'url':'" + HERE + "'}");
        world.pass(1);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(body(refused).at("/parameters/retry_after").asInt()).isEqualTo(1);
        assertThat(world.telegram("setWebhook", "{'url':'" + HERE + "'}").status())
                .isEqualTo(200);
    }

    @Test
    void whatAPersonWritesArrivesWithTheSecret() {
        world.telegram("setWebhook", "{'url':'" + HERE + "','secret_token':'hush'}");
        write("Is the hub open?");

        Delivery update = world.sent().get(0);
        JsonNode said = World.json(update.body());

        assertThat(said.at("/message/text").asText()).isEqualTo("Is the hub open?");
        assertThat(update.headers()).containsEntry("X-Telegram-Bot-Api-Secret-Token", "hush");
        assertThat(update.url()).isEqualTo(HERE);
    }

    @Test
    void updatesWaitForAWebhook() {
        write("one");
        write("two");
        List<Delivery> none = world.sent();
        int pending = info().get("pending_update_count").asInt();
        world.telegram("setWebhook", "{'url':'" + HERE + "'}");

        assertThat(none).isEmpty();
        assertThat(pending).isEqualTo(2);
        assertThat(world.sent()).hasSize(2);
    }

    @Test
    void pendingUpdatesAreDroppedOnDemand() {
        write("one");
        world.telegram("setWebhook", "{'url':'" + HERE + "','drop_pending_updates':true}");

        assertThat(world.sent()).isEmpty();
        assertThat(info().get("pending_update_count").asInt()).isZero();
    }

    @Test
    void updateThatIsNotTakenIsSentAgainAndTheFailureIsTold() {
        world.telegram("setWebhook", "{'url':'" + HERE + "'}");
        write("one");
        answer(world.sent(), 500);
        JsonNode failing = info();
        world.pass(1);
        List<Delivery> again = world.sent();
        answer(again, 200);

        assertThat(failing.get("pending_update_count").asInt()).isEqualTo(1);
        assertThat(failing.get("last_error_message").asText()).isEqualTo("Wrong response from the webhook: 500");
        assertThat(again).hasSize(1);
        assertThat(info().get("pending_update_count").asInt()).isZero();
        assertThat(world.sent()).isEmpty();
    }

    @Test
    void updateThatFailedGoesToTheWebhookThatThereIsThen() {
        world.telegram("setWebhook", "{'url':'" + HERE + "'}");
        write("one");
        List<Delivery> sent = world.sent();
        world.pass(1);
        world.telegram("setWebhook", "{'url':'" + HERE + "/other'}");
        answer(sent, 500);
        world.pass(1);

        assertThat(world.sent()).extracting(Delivery::url).containsExactly(HERE + "/other");
    }

    @Test
    void botAnswersOnlyWhomItKnows() {
        Answer stranger = world.telegram("sendMessage", "{'chat_id':77,'text':'Hello'}");
        write("Hello");
        Answer known = world.telegram("sendMessage", "{'chat_id':42,'text':'Karibu'}");

        assertThat(stranger.status()).isEqualTo(400);
        assertThat(body(stranger).get("description").asText()).isEqualTo("Bad Request: chat not found");
        assertThat(body(known).at("/result/text").asText()).isEqualTo("Karibu");
        assertThat(world.sandbox().telegram().messages()).containsExactly(new Telegram.Sent(123456, 42, "Karibu"));
    }

    @Test
    void commandsAreSetForAScopeAndForgotten() {
        world.telegram("setMyCommands", "{'commands':[{'command':'help','description':'What I can do'}]}");
        world.telegram(
                "setMyCommands",
                "{'commands':[{'command':'stop','description':'No more'}],'scope':{'type':'all_private_chats'}}");
        Answer refused = world.telegram("setMyCommands", "{'commands':[{'command':'Help','description':'x'}]}");
        JsonNode set = body(world.telegram("getMyCommands", "")).get("result");
        world.telegram("deleteMyCommands", "");

        assertThat(set).hasSize(1);
        assertThat(set.at("/0/command").asText()).isEqualTo("help");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(body(world.telegram("getMyCommands", "")).get("result")).isEmpty();
        assertThat(body(world.telegram("getMyCommands", "{'scope':{'type':'all_private_chats'}}"))
                        .get("result"))
                .hasSize(1);
    }

    @Test
    void botGetsAnotherNameAndADescription() {
        world.telegram("setMyName", "{'name':'Hub helper'}");

        assertThat(world.telegram("setMyDescription", "{'description':'Helps'}").status())
                .isEqualTo(200);
        assertThat(body(world.telegram("getMe", "")).at("/result/first_name").asText())
                .isEqualTo("Hub helper");
    }

    private Answer asked(String token) {
        return world.call("telegram", "GET", "/bot" + token + "/getMe", null, "");
    }

    private JsonNode info() {
        return body(world.telegram("getWebhookInfo", "")).get("result");
    }

    private void write(String text) {
        world.sandbox().store().write(() -> world.sandbox().telegram().write(123456, 42, "Amina", text));
    }

    private void answer(List<Delivery> sent, int status) {
        world.sandbox()
                .store()
                .write(() -> sent.forEach(one -> world.sandbox().outbox().answered(one, status)));
    }
}
