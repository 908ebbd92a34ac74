package io.offshoot.contracts.query;

import java.util.List;

/**
 * Something at a provider has changed, as the provider tells and proves.
 *
 * @param things the provider's ids and names of what it is about
 * @param account the organisation or team whose connection it is about; null if it is about none
 */
public record Hint(String provider, List<String> things, String account) {

    public Hint {
        things = List.copyOf(things);
    }
}
