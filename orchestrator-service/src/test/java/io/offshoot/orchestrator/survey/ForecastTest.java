package io.offshoot.orchestrator.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.query.ProviderView;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {

    private static final ProviderView.Window MINUTE = new ProviderView.Window(60, 80, 0);

    @Test
    void whatFitsTakesNoTimeOfItsOwn() {
        var cost = Forecast.of("github", "main", 900, 60, lane(MINUTE, hour(0)));

        assertThat(cost.seconds()).isZero();
        assertThat(cost.message())
                .isEqualTo("960 calls, 60 of them writes; 80 writes are allowed in a minute, and 0 were made;"
                        + " 500 writes are allowed in an hour, and 0 were made.");
    }

    @Test
    void whatIsTooMuchForThisHourRunsIntoTheNext() {
        var cost = Forecast.of("github", "main", 0, 450, lane(MINUTE, hour(110)));

        assertThat(cost.seconds()).isEqualTo(3600);
        assertThat(cost.message()).contains("and 110 were made: 60 would run into the time after");
    }

    @Test
    void writesThatFillMinutesTakeSoMany() {
        assertThat(Forecast.of("github", "main", 0, 80, lane(MINUTE)).seconds()).isZero();
        assertThat(Forecast.of("github", "main", 0, 81, lane(MINUTE)).seconds()).isEqualTo(60);
        assertThat(Forecast.of("github", "main", 0, 450, lane(MINUTE)).seconds())
                .isEqualTo(300);
    }

    @Test
    void nothingIsSaidOfACredentialThatNobodyCounts() {
        assertThat(Forecast.of("acme", "main", 1, 2, null).message()).isEqualTo("3 calls, 2 of them writes.");
    }

    private static ProviderView.Window hour(int used) {
        return new ProviderView.Window(3600, 500, used);
    }

    private static ProviderView.Lane lane(ProviderView.Window... windows) {
        return new ProviderView.Lane(0, 0, 1, null, List.of(windows), List.of());
    }
}
