package io.offshoot.redaction;

import java.util.regex.Pattern;

/**
 * Takes out of a text what has the shape of a token. A net behind the rule that none is ever printed, and no more: a
 * secret of no known shape goes through.
 */
public final class Redaction {

    static final String HIDDEN = "•••";

    /** What must follow in turn never repeats what may, so no text takes long. */
    private static final Pattern TOKENS = Pattern.compile(String.join(
            "|",
            // Private keys in PEM, whole or cut off.
            "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\\s\\S])*+(?:-----END [A-Z0-9 ]{0,40}-----)?",
            // GitHub's: classic, of an app, of a user, and fine-grained.
            "\\bgh[a-z]_[A-Za-z0-9_-]{12,}+",
            "\\bgithub_pat_\\w{12,}+",
            // Ours: keys, tokens of a sign-in, and of services.
            "\\b(?:off|svc|ctl)_[A-Za-z0-9_-]{16,}+",
            // Vercel's.
            "\\bvc[a-z]_[A-Za-z0-9_-]{12,}+",
            // Secrets of Standard Webhooks.
            "\\bwhsec_[A-Za-z0-9+/=_-]{12,}+",
            // A Telegram bot's, in a URL or by itself.
            "\\b(?:bot)?\\d{6,12}:[A-Za-z0-9_-]{25,}+",
            // JSON Web Tokens.
            "\\beyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]*+",
            // Whatever is sent to be let in; Vercel's older tokens have no shape but this.
            "(?i:\\b(?:Bearer|Basic)) ++[A-Za-z0-9._~+/=-]{8,}+",
            // Who and with what in a URL.
            "(?<=://)[^\\s/@:]{1,200}+:[^\\s/@]{1,200}+(?=@)"));

    private Redaction() {}

    /** The same text where there is nothing to take out. */
    public static String of(String text) {
        return text == null ? null : TOKENS.matcher(text).replaceAll(HIDDEN);
    }
}
