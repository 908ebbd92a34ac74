package io.offshoot.localstack.stack;

/**
 * One process of a service.
 *
 * @param name the module's; from the second replica on with its number
 */
record Member(Service service, int replica, String name) {

    static Member of(Service service, int replica) {
        return new Member(service, replica, replica == 1 ? service.module() : service.module() + "-" + replica);
    }
}
