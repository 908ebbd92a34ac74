package io.offshoot.gateway.oidc;

import io.offshoot.gateway.credential.Role;
import io.offshoot.gateway.database.Database;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** The hubs that somebody is a member of. */
@Singleton
class Memberships {

    record Membership(String hub, String name, Role role) {}

    private final Database database;

    Memberships(Database database) {
        this.database = database;
    }

    Uni<List<Membership>> of(String subject) {
        return database.ask(connection -> {
            try (var select =
                    connection.prepareStatement("select hub, name, role from member where subject = ? order by hub")) {
                select.setString(1, subject);
                var all = new ArrayList<Membership>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        all.add(new Membership(
                                row.getString("hub"), row.getString("name"), Role.valueOf(row.getString("role"))));
                    }
                }
                return List.copyOf(all);
            }
        });
    }
}
