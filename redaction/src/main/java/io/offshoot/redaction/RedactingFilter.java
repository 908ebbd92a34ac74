package io.offshoot.redaction;

import io.quarkus.logging.LoggingFilter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Lets every record pass, without what has the shape of a token: in its message, and in those of what was thrown. */
@LoggingFilter(name = "redacting")
public final class RedactingFilter implements Filter {

    private final PatternFormatter formatter = new PatternFormatter("%s");

    /** Stands for what was thrown, where a message had to be changed. */
    private static final class Redacted extends Throwable {

        private static final long serialVersionUID = 1L;

        private final String shown;

        Redacted(String shown, Throwable cause) {
            super(shown, cause);
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        var message = message(record);
        var redacted = Redaction.of(message);
        if (redacted != null && !redacted.equals(message)) {
            if (record instanceof ExtLogRecord extended) {
                extended.setMessage(redacted, ExtLogRecord.FormatStyle.NO_FORMAT);
            } else {
                record.setMessage(redacted);
            }
            record.setParameters(null);
        }
        if (record.getThrown() != null && hasToken(record.getThrown(), seen())) {
            record.setThrown(redacted(record.getThrown(), seen()));
        }
        return true;
    }

    private String message(LogRecord record) {
        return record.getMessage() == null ? null : formatter.formatMessage(record);
    }

    private static boolean hasToken(Throwable thrown, Set<Throwable> seen) {
        if (thrown == null || !seen.add(thrown)) {
            return false;
        }
        var shown = thrown.toString();
        if (shown != null && !shown.equals(Redaction.of(shown))) {
            return true;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (hasToken(suppressed, seen)) {
                return true;
            }
        }
        return hasToken(thrown.getCause(), seen);
    }

    /** The same by kind, place and cause, with other messages. */
    private static Throwable redacted(Throwable thrown, Set<Throwable> seen) {
        if (thrown == null || !seen.add(thrown)) {
            return null;
        }
        var shown = new Redacted(Redaction.of(thrown.toString()), redacted(thrown.getCause(), seen));
        shown.setStackTrace(thrown.getStackTrace());
        for (Throwable suppressed : thrown.getSuppressed()) {
            var known = redacted(suppressed, seen);
            if (known != null) {
                shown.addSuppressed(known);
            }
        }
        return shown;
    }

    private static Set<Throwable> seen() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
