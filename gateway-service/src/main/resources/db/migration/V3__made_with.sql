-- The Idempotency-Key that a token was made with, and the SHA-256 of what was asked for: whoever repeats the request
-- hears that it was made, and is not shown it again. The token itself is not here, nor could it be.
alter table credential add column made_with text;
alter table credential add column made_for bytea;
create unique index credential_made_with on credential (hub, made_with) where made_with is not null;
