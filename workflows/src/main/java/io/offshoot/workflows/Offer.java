package io.offshoot.workflows;

import java.util.List;

/**
 * Workflows that another jar brings: found by {@link java.util.ServiceLoader} where it stands beside this one. Every
 * service that runs them must have the same jar.
 */
public interface Offer {

    List<Workflow> workflows();
}
