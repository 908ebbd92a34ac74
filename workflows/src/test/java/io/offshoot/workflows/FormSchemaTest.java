package io.offshoot.workflows;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormSchemaTest {

    @Test
    void allThatTheDocumentTellsMakesAForm() {
        assertThatCode(() -> FormSchema.demand("""
                        {
                          "$schema": "https://json-schema.org/draft/2020-12/schema",
                          "type": "object", "additionalProperties": false, "required": ["name"],
                          "properties": {
                            "name": {"title": "Name", "description": "Whose.", "type": "string", "minLength": 1, "maxLength": 9,
                              "pattern": "^[a-z]+$", "default": "a", "examples": ["b"]},
                            "mail": {"title": "Mail", "type": "string", "format": "email"},
                            "kind": {"title": "Kind", "enum": ["A", "B"]},
                            "size": {"title": "Size", "type": "integer", "minimum": 1, "maximum": 9},
                            "part": {"title": "Part", "type": "number"},
                            "open": {"title": "Open", "type": "boolean", "default": true},
                            "tags": {"title": "Tags", "type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string"}},
                            "site": {"title": "Site", "type": "object", "properties": {"host": {"title": "Host", "type": "string"}}}
                          }
                        }""")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                             | no type",
                "{\"type\": \"string\"}                                                         | is no object",
                "{\"type\": \"object\", \"oneOf\": []}                                          | oneOf",
                "{\"type\": \"object\", \"additionalProperties\": {}}                           | without a name",
                "{\"type\": \"object\", \"required\": [\"x\"]}                                  | does not describe: x",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"string\"}}}        | /x has no title",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"title\": \"X\", \"$ref\": \"#/y\"}}} | /x has no type",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"title\": \"X\", \"type\": \"string\", \"format\": \"ipv6\"}}} | format",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"title\": \"X\", \"type\": \"string\", \"pattern\": \"(\"}}} | pattern",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"title\": \"X\", \"type\": \"array\", \"items\": {\"type\": \"object\"}}}} | no text",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"title\": \"X\", \"type\": \"integer\", \"multipleOf\": 2}}} | multipleOf"
            })
    void whatTheFormCannotAskForIsRefusedWithItsPlace(String schema, String said) {
        assertThatThrownBy(() -> FormSchema.demand(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aWorkflowWhoseSchemaNoFormCanBeMadeOfCannotBeBuiltSoNoServiceStartsWithIt() {
        var schema = "{\"type\": \"object\", \"patternProperties\": {}}";

        assertThatThrownBy(() -> new Workflow(
                        "docs-site",
                        1,
                        "",
                        "",
                        List.of(),
                        DocsSite.Config.class,
                        DocsSite.WORKFLOW.configSchema(),
                        schema,
                        DocsSite.WORKFLOW.steps()))
                .hasMessageContaining("patternProperties");
    }
}
