package io.offshoot.gateway.paging;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What all lists have in common: pages are bounded, and each leads to the next. */
public final class Paging {

    private static final int MAX_LIMIT = 100;

    private Paging() {}

    /** How many entries a caller wants on a page. */
    public static int limit(String limit) {
        if (limit.matches("[0-9]{1,3}")) {
            var size = Integer.parseInt(limit);
            if (size >= 1 && size <= MAX_LIMIT) {
                return size;
            }
        }
        throw new ProblemException(
                ProblemType.INVALID_REQUEST, "The parameter limit must be between 1 and %d.".formatted(MAX_LIMIT));
    }

    /** @param next the cursor of the following page; null on the last @param here the list's address */
    public static Response answer(Object page, String next, String here, int limit) {
        return answer(page, next, here, limit, null, null);
    }

    /** @param filter the name of a parameter that narrows the list @param value null if it was not given */
    public static Response answer(Object page, String next, String here, int limit, String filter, String value) {
        var answer = Response.ok(page).header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        if (next != null) {
            answer.header(
                    HttpHeaders.LINK,
                    "<%s?limit=%d&cursor=%s%s>; rel=\"next\""
                            .formatted(
                                    here,
                                    limit,
                                    URLEncoder.encode(next, StandardCharsets.UTF_8),
                                    value == null
                                            ? ""
                                            : "&" + filter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        }
        return answer.build();
    }
}
