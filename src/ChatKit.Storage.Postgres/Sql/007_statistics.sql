-- ANALYZE sorts a sample of 30,000 rows by every column, half a second to a second of one core without a pause, as often as a tenth of a log that grows is new.
-- Nothing is planned by most of these columns, and for the others a tenth of the sample says enough.
alter table {schema}.entries
    alter conv set statistics 10, alter seq set statistics 10, alter target set statistics 10, alter kind set statistics 10,
    alter counts set statistics 10, alter erased set statistics 10,
    alter ordinal set statistics 0, alter version set statistics 0, alter membership_version set statistics 0, alter accepted_at set statistics 0,
    alter expires_at set statistics 0, alter command_key set statistics 0, alter payload_hash set statistics 0, alter sender set statistics 0,
    alter command set statistics 0, alter device set statistics 0, alter content_type set statistics 0, alter assets set statistics 0, alter body set statistics 0;

alter table {schema}.trimmed_commands
    alter conv set statistics 10, alter command_key set statistics 10, alter accepted_at set statistics 10,
    alter payload_hash set statistics 0, alter seq set statistics 0, alter sender set statistics 0, alter command set statistics 0;

alter table {schema}.feed
    alter position set statistics 10,
    alter conv set statistics 0, alter from_seq set statistics 0, alter to_seq set statistics 0, alter membership_version set statistics 0;
