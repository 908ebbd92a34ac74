package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.action.Removal;

/**
 * A survey that is asked for.
 *
 * @param appId the app it is of; null for all, and with a teardown for the only one
 * @param removal with a teardown: what would become of repositories; null in any other
 * @param by the credential's name, for the record
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AskSurvey(SurveyView.Kind kind, String appId, Removal removal, String by) {}
