package io.offshoot.orchestrator.survey;

import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.SurveyView.Cost;
import java.time.Duration;
import java.util.ArrayList;

/** What a number of calls means for a credential: whether its windows have room for them, and how long it takes. Pure. */
final class Forecast {

    private Forecast() {}

    /** @param lane how the account's credential stands; null if its provider is not counted */
    static Cost of(String provider, String connection, int reads, int writes, ProviderView.Lane lane) {
        var seconds = 0L;
        var words = new ArrayList<String>();
        words.add("%d calls, %d of them writes".formatted(reads + writes, writes));
        if (lane != null) {
            for (ProviderView.Window window : lane.windows()) {
                var turns = Math.max(0, (window.used() + writes - 1) / window.limit());
                seconds = Math.max(seconds, turns * window.lengthSeconds());
                words.add(share(window, writes));
            }
        }
        return new Cost(provider, connection, reads, writes, seconds, String.join("; ", words) + ".");
    }

    private static String share(ProviderView.Window window, int writes) {
        var over = window.used() + writes - window.limit();
        var length = length(window.lengthSeconds());
        var allowed = "%d writes are allowed in %s, and %d were made".formatted(window.limit(), length, window.used());
        return over <= 0 ? allowed : "%s: %d would run into the time after".formatted(allowed, over);
    }

    private static String length(long seconds) {
        var time = Duration.ofSeconds(seconds);
        if (seconds > 0 && seconds % 3600 == 0) {
            return time.toHours() == 1 ? "an hour" : time.toHours() + " hours";
        }
        return seconds > 0 && seconds % 60 == 0
                ? time.toMinutes() == 1 ? "a minute" : time.toMinutes() + " minutes"
                : seconds + " seconds";
    }
}
