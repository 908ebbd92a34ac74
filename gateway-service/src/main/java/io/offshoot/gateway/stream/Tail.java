package io.offshoot.gateway.stream;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** An endless source of events for one reader, asked for the next ones when those before are written. */
interface Tail {

    /**
     * @param id what the reader resumes with; null on an event one cannot resume after
     * @param json null for a sign of life
     */
    record Entry(String id, String json) {

        static final Entry ALIVE = new Entry(null, null);
    }

    Uni<List<Entry>> next();
}
