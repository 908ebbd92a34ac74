package io.offshoot.orchestrator.lane;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.offshoot.contracts.query.ProviderView;
import io.offshoot.orchestrator.service.DatabaseTime;
import io.offshoot.orchestrator.tenancy.Tenancy;
import io.offshoot.orchestrator.timer.Timing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers how providers and their credentials stand. Another hub's connection does not exist here. Writes nothing. */
@ApplicationScoped
public class Providers {

    private static final String COUNTS = """
            select lane, hub, count(*) filter (where phase = 'QUEUED'), count(*) filter (where phase <> 'QUEUED')
            from attempt where lane in ?1 and phase in ('QUEUED', 'OPEN', 'CLAIMED') group by lane, hub""";

    private record Share(String lane, String hub) {}

    private record Count(int queued, int live) {}

    private final EntityManager entities;
    private final Timing timing;
    private final Tenancy tenancy;

    Providers(EntityManager entities, Timing timing, Tenancy tenancy) {
        this.entities = entities;
        this.timing = timing;
        this.tenancy = tenancy;
    }

    /** With the connections of one hub. */
    @Transactional
    public List<ProviderView> of(String hub) {
        tenancy.only(hub);
        return standing(hub);
    }

    /** The same within a transaction of somebody else, who may be writing in it. */
    public List<ProviderView> standing(String hub) {
        return views(ConnectionRow.ofHub(hub));
    }

    /** With those of all hubs. */
    @Transactional
    List<ProviderView> all() {
        return views(ConnectionRow.all());
    }

    private List<ProviderView> views(List<ConnectionRow> connections) {
        var now = DatabaseTime.now(entities);
        var ids = connections.stream().map(row -> row.lane).distinct().toList();
        Map<String, LaneRow> lanes =
                LaneRow.<LaneRow>list("id in ?1", ids).stream().collect(toMap(row -> row.id, Function.identity()));
        var counts = counts(ids);
        var byProvider = connections.stream().collect(groupingBy(row -> row.key.provider()));
        return ProviderRow.all().stream()
                .map(provider -> new ProviderView(
                        provider.name,
                        provider.heardAt.plus(timing.providerReady()).isAfter(now),
                        provider.heardAt,
                        byProvider.getOrDefault(provider.name, List.of()).stream()
                                .map(row -> view(row, lanes.get(row.lane), counts, now))
                                .toList()))
                .toList();
    }

    private Map<Share, Count> counts(List<String> lanes) {
        var counts = new HashMap<Share, Count>();
        if (lanes.isEmpty()) {
            return counts;
        }
        for (Object found : entities.createNativeQuery(COUNTS, Object[].class)
                .setParameter(1, lanes)
                .getResultList()) {
            var row = (Object[]) found;
            counts.put(
                    new Share((String) row[0], (String) row[1]),
                    new Count(((Number) row[2]).intValue(), ((Number) row[3]).intValue()));
        }
        return counts;
    }

    private static ProviderView.Connection view(
            ConnectionRow row, LaneRow lane, Map<Share, Count> counts, Instant now) {
        var count = counts.getOrDefault(new Share(row.lane, row.key.hub()), new Count(0, 0));
        return new ProviderView.Connection(
                row.key.name(),
                row.key.hub(),
                row.account,
                row.heardAt,
                new ProviderView.Lane(
                        count.queued,
                        count.live,
                        lane.liveAtMost,
                        lane.lane().isBlocked(now) ? lane.blockedUntil : null,
                        lane.windows.stream()
                                .map(window -> new ProviderView.Window(
                                        window.lengthMs() / 1000, window.writes(), lane.used(window, now)))
                                .toList(),
                        lane.allowances.stream()
                                .map(said -> new ProviderView.Allowance(
                                        said.resource(), said.limit(), said.remaining(), said.resetsAt()))
                                .toList()));
    }
}
