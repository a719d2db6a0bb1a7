namespace Slipway.Registry.Database;

/// <summary>
/// Tables of experiments, runs and logged models. Runs and logged models have a number besides their identity, which keeps the tables of their metrics small. A metric that is not a
/// number has <c>is_nan</c> 1 and value 0, since not every database keeps such a value or orders it alike.
/// </summary>
internal static class TrackingSchema
{
    public static IReadOnlyList<string> First { get; } =
    [
        """
        create table experiments (
            id {identity},
            name {text} not null unique,
            artifact_location {text} not null,
            is_deleted bigint not null,
            created_at bigint not null,
            updated_at bigint not null)
        """,
        "create index experiments_by_update on experiments (updated_at)",
        "insert into experiments (id, name, artifact_location, is_deleted, created_at, updated_at) values (0, 'Default', 'mlflow-artifacts:/0', 0, {now}, {now})",
        """
        create table experiment_tags (
            experiment_id bigint not null references experiments (id) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (experiment_id, key)){clustered}
        """,
        "create index experiment_tags_by_value on experiment_tags (key, substr(value, 1, 64))",

        // started_order is the start, or the smallest number where there is none: the default order then comes from one index.
        """
        create table runs (
            number {identity},
            id {text} not null unique,
            experiment_id bigint not null references experiments (id),
            name {text} not null,
            user_id {text} not null,
            status bigint not null,
            start_time bigint null,
            started_order bigint not null,
            end_time bigint null,
            artifact_uri {text} not null,
            is_deleted bigint not null)
        """,
        "create index runs_by_start on runs (experiment_id, is_deleted, started_order desc, id)",
        "create index runs_by_name on runs (experiment_id, name)",
        """
        create table run_tags (
            run bigint not null references runs (number) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (run, key)){clustered}
        """,
        "create index run_tags_by_value on run_tags (key, substr(value, 1, 64))",
        """
        create table run_parameters (
            run bigint not null references runs (number) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (run, key)){clustered}
        """,
        "create index run_parameters_by_value on run_parameters (key, substr(value, 1, 64))",
        """
        create table metric_points (
            run bigint not null references runs (number) on delete cascade,
            key {text} not null,
            occurred_at bigint not null,
            step bigint not null,
            is_nan bigint not null,
            value double precision not null,
            logged_model_id {text} null,
            dataset_name {text} null,
            dataset_digest {text} null,
            primary key (run, key, occurred_at, step, is_nan, value)){clustered}
        """,
        """
        create table latest_metrics (
            run bigint not null references runs (number) on delete cascade,
            key {text} not null,
            step bigint not null,
            occurred_at bigint not null,
            is_nan bigint not null,
            value double precision not null,
            logged_model_id {text} null,
            dataset_name {text} null,
            dataset_digest {text} null,
            primary key (run, key)){clustered}
        """,
        "create index latest_metrics_by_value on latest_metrics (key, is_nan, value)",
        """
        create table datasets (
            id {identity},
            experiment_id bigint not null references experiments (id),
            name {text} not null,
            digest {text} not null,
            source_type {text} not null,
            source {text} not null,
            schema_json {text} null,
            profile_json {text} null,
            unique (experiment_id, name, digest))
        """,
        """
        create table run_datasets (
            run bigint not null references runs (number) on delete cascade,
            dataset_id bigint not null references datasets (id),
            position bigint not null,
            context {text} null,
            tags_json {text} not null,
            primary key (run, dataset_id)){clustered}
        """,
        "create index run_datasets_by_dataset on run_datasets (dataset_id)",
        """
        create table run_model_inputs (
            run bigint not null references runs (number) on delete cascade,
            model_id {text} not null,
            primary key (run, model_id)){clustered}
        """,
        """
        create table run_model_outputs (
            run bigint not null references runs (number) on delete cascade,
            model_id {text} not null,
            step bigint not null,
            primary key (run, model_id)){clustered}
        """,
        """
        create table logged_models (
            number {identity},
            id {text} not null unique,
            experiment_id bigint not null references experiments (id),
            name {text} not null,
            artifact_uri {text} not null,
            status bigint not null,
            status_message {text} null,
            model_type {text} null,
            source_run_id {text} null,
            creator_id {text} null,
            is_deleted bigint not null,
            created_at bigint not null,
            updated_at bigint not null)
        """,
        "create index logged_models_by_creation on logged_models (experiment_id, is_deleted, created_at desc)",
        """
        create table logged_model_tags (
            model bigint not null references logged_models (number) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (model, key)){clustered}
        """,
        """
        create table logged_model_parameters (
            model bigint not null references logged_models (number) on delete cascade,
            key {text} not null,
            value {text} not null,
            primary key (model, key)){clustered}
        """,
        """
        create table logged_model_metrics (
            model bigint not null references logged_models (number) on delete cascade,
            key {text} not null,
            run_id {text} not null,
            dataset_name {text} not null,
            dataset_digest {text} not null,
            step bigint not null,
            occurred_at bigint not null,
            is_nan bigint not null,
            value double precision not null,
            primary key (model, key, run_id, dataset_name, dataset_digest)){clustered}
        """,
    ];
}
