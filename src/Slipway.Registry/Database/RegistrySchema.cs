namespace Slipway.Registry.Database;

/// <summary>
/// Tables of models, versions, aliases, events and artifacts. Times are milliseconds since 1970. Long values are indexed by their first 64 characters: a row of an index is limited
/// (2,704 bytes on PostgreSQL).
/// </summary>
internal static class RegistrySchema
{
    public static IReadOnlyList<string> First { get; } =
    [
        """
        create table models (
            id {identity},
            name {text} not null unique,
            description {text} null,
            next_version bigint not null,
            created_at bigint not null,
            updated_at bigint not null,
            created_by {text} not null)
        """,
        "create index models_by_update on models (updated_at)",
        "create index models_by_creation on models (created_at)",
        """
        create table model_tags (
            model_id bigint not null references models (id) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (model_id, key)){clustered}
        """,
        "create index model_tags_by_value on model_tags (key, substr(value, 1, 64))",

        // A manifest is kept for as long as the store lives, for the past can be asked for; its blobs only while a version holds it.
        """
        create table manifests (
            digest {text} not null primary key,
            files bigint not null,
            bytes bigint not null){clustered}
        """,
        """
        create table manifest_files (
            manifest {text} not null references manifests (digest),
            position bigint not null,
            path {text} not null,
            digest {text} not null,
            length bigint not null,
            primary key (manifest, position)){clustered}
        """,
        "create index manifest_files_by_digest on manifest_files (digest)",

        // The model's name is repeated here, so that pages of versions in the order of names come from one index; a rename writes both.
        """
        create table versions (
            id {identity},
            model_id bigint not null references models (id) on delete cascade,
            model {text} not null,
            number bigint not null,
            manifest {text} null references manifests (digest),
            status bigint not null,
            status_message {text} null,
            stage {text} not null,
            source {text} not null,
            format {text} null,
            signature_json {text} null,
            description {text} null,
            parameters_json {text} null,
            metrics_json {text} null,
            run_id {text} null,
            run_link {text} null,
            logged_model_id {text} null,
            training_data_digest {text} null,
            parent_version bigint null,
            created_at bigint not null,
            updated_at bigint not null,
            created_by {text} not null,
            unique (model_id, number))
        """,
        "create index versions_by_name on versions (model, number desc)",
        "create index versions_by_stage on versions (model_id, stage, number desc)",
        "create index versions_by_creation on versions (created_at)",
        "create index versions_by_update on versions (updated_at)",
        "create index versions_by_manifest on versions (manifest) where manifest is not null",
        "create index versions_by_run on versions (run_id) where run_id is not null",
        "create index versions_by_logged_model on versions (logged_model_id) where logged_model_id is not null",
        "create index versions_by_source on versions (substr(source, 1, 64))",
        "create index versions_by_training_data on versions (training_data_digest) where training_data_digest is not null",
        "create index versions_by_parent on versions (model_id, parent_version) where parent_version is not null",
        """
        create table version_tags (
            version_id bigint not null references versions (id) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (version_id, key)){clustered}
        """,
        "create index version_tags_by_value on version_tags (key, substr(value, 1, 64))",
        """
        create table approvals (
            version_id bigint not null references versions (id) on delete cascade,
            actor {text} not null,
            approved_at bigint not null,
            comment {text} null,
            primary key (version_id, actor)){clustered}
        """,
        """
        create table aliases (
            model_id bigint not null references models (id) on delete cascade,
            alias {text} not null,
            number bigint not null,
            primary key (model_id, alias)){clustered}
        """,
        "create index aliases_by_version on aliases (model_id, number)",

        // No foreign keys: events outlive what they speak of.
        """
        create table events (
            sequence {identity},
            occurred_at bigint not null,
            actor {text} not null,
            kind {text} not null,
            model_id bigint null,
            model {text} null,
            version bigint null,
            reason {text} null,
            detail {text} not null)
        """,
        "create index events_by_model on events (model_id, sequence)",
        "create index events_by_name on events (model, sequence)",
        """
        create table artifacts (
            path {text} not null primary key,
            digest {text} not null,
            length bigint not null,
            stored_at bigint not null,
            stored_by {text} not null){clustered}
        """,
        "create index artifacts_by_digest on artifacts (digest)",
    ];
}
