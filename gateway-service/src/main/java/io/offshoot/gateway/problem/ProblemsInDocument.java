package io.offshoot.gateway.problem;

import io.offshoot.contracts.problem.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/** Says in the API document what every error looks like: whatever status an operation does not name is a problem. */
public class ProblemsInDocument implements OASFilter {

    private static final String OTHERWISE = "default";
    private static final String NAME = "Problem";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(OASFactory.createComponents());
        }
        document.getComponents().addSchema(NAME, problem());
    }

    @Override
    public Operation filterOperation(Operation operation) {
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        var responses = operation.getResponses();
        // The scanner names it wherever there is a body, and says nothing about it.
        if (responses.hasAPIResponse("400") && responses.getAPIResponse("400").getContent() == null) {
            responses.removeAPIResponse("400");
        }
        if (!responses.hasAPIResponse(OTHERWISE)) {
            responses.addAPIResponse(
                    OTHERWISE,
                    OASFactory.createAPIResponse()
                            .description("What went wrong; its type is the address of a page about it")
                            .content(OASFactory.createContent()
                                    .addMediaType(
                                            Problem.MEDIA_TYPE,
                                            OASFactory.createMediaType()
                                                    .schema(OASFactory.createSchema()
                                                            .ref("#/components/schemas/" + NAME)))));
        }
        return operation;
    }

    private static Schema problem() {
        var place = OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .addProperty("pointer", text("where in the request"))
                .addProperty("detail", text("what is wrong there"));
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .required(List.of("type", "title", "status", "code", "retryable", "traceId"))
                .addProperty("type", text("the address of a page about it"))
                .addProperty("title", text("what happened"))
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", text("what happened here"))
                .addProperty("instance", text("the path of the request"))
                .addProperty("code", text("the same for ever"))
                .addProperty("retryable", OASFactory.createSchema().addType(SchemaType.BOOLEAN))
                .addProperty("traceId", text("what the operator finds it by"))
                .addProperty(
                        "errors",
                        OASFactory.createSchema().addType(SchemaType.ARRAY).items(place));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }
}
