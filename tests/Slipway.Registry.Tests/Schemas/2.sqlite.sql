BEGIN TRANSACTION;
CREATE TABLE aliases (
    model_id bigint not null references models (id) on delete cascade,
    alias text not null,
    number bigint not null,
    primary key (model_id, alias)) without rowid;
INSERT INTO "aliases" VALUES(1,'champion',2);
CREATE TABLE approvals (
    version_id bigint not null references versions (id) on delete cascade,
    actor text not null,
    approved_at bigint not null,
    comment text null,
    primary key (version_id, actor)) without rowid;
INSERT INTO "approvals" VALUES(2,'ana',1795301677485,'looks well');
CREATE TABLE artifacts (
    path text not null primary key,
    digest text not null,
    length bigint not null,
    stored_at bigint not null,
    stored_by text not null) without rowid;
INSERT INTO "artifacts" VALUES('1/129f3abcd3594622b7a8e8655d9bf405/artifacts/note.txt','edb465624291e4053c6c5ea4b7eb320dec773e10a57d26b95dcf0564f8e310f8',4,1795301677605,'ana');
CREATE TABLE datasets (
    id integer primary key autoincrement,
    experiment_id bigint not null references experiments (id),
    name text not null,
    digest text not null,
    source_type text not null,
    source text not null,
    schema_json text null,
    profile_json text null,
    unique (experiment_id, name, digest));
INSERT INTO "datasets" VALUES(1,1,'claims','d1','local','{}','{"a":1}',NULL);
CREATE TABLE events (
    sequence integer primary key autoincrement,
    occurred_at bigint not null,
    actor text not null,
    kind text not null,
    model_id bigint null,
    model text null,
    version bigint null,
    reason text null,
    detail text not null);
INSERT INTO "events" VALUES(1,1795301677201,'ana','model.created',1,'fraud-old',NULL,'as an example','{"model":{"description":"finds it","tags":{"team":"risk"}}}');
INSERT INTO "events" VALUES(2,1795301677267,'ana','model.renamed',1,'fraud',NULL,'as an example','{"name":{"old":"fraud-old","new":"fraud"}}');
INSERT INTO "events" VALUES(3,1795301677312,'ana','version.created',1,'fraud',1,'as an example','{"version":{"digest":"0b0c6f5bf911996033f87b544cd52b163c13028b7649b8d6ac512facfd2f4d33","stage":"None","source":"runs:/129f3abcd3594622b7a8e8655d9bf405/model","format":"onnx","signature":"{\u0022inputs\u0022:[],\u0022outputs\u0022:[]}","description":"the first","tags":{"team":"risk"},"parameters":{"depth":"7"},"metrics":{"accuracy":0.75},"runId":"129f3abcd3594622b7a8e8655d9bf405","loggedModelId":"m-c4746d2682fe411f9b6deb519c4a399d","trainingDataDigest":"d1"}}');
INSERT INTO "events" VALUES(4,1795301677427,'ben','version.created',1,'fraud',2,NULL,'{"version":{"digest":"7067d56bc4d22ece07b0004d1710e89b544532fdb47988a53d3528498abcabc9","stage":"None","tags":{"team":"risk"},"parentVersion":1}}');
INSERT INTO "events" VALUES(5,1795301677449,'ben','version.created',1,'fraud',3,NULL,'{"version":{"stage":"None","source":"s3://elsewhere/model"}}');
INSERT INTO "events" VALUES(6,1795301677469,'ana','alias.moved',1,'fraud',1,'as an example','{"aliases":{"champion":{"new":1}}}');
INSERT INTO "events" VALUES(7,1795301677485,'ana','version.approved',1,'fraud',2,'as an example','{"comment":"looks well"}');
INSERT INTO "events" VALUES(8,1795301677511,'ana','alias.moved',1,'fraud',2,'as an example','{"aliases":{"champion":{"old":1,"new":2}}}');
INSERT INTO "events" VALUES(9,1795301677514,'ben','alias.moved',1,'fraud',1,NULL,'{"aliases":{"challenger":{"new":1}}}');
INSERT INTO "events" VALUES(10,1795301677519,'ben','alias.deleted',1,'fraud',1,NULL,'{"aliases":{"challenger":{"old":1}}}');
INSERT INTO "events" VALUES(11,1795301677529,'ana','version.staged',1,'fraud',2,'as an example','{"stage":{"old":"None","new":"Production"}}');
INSERT INTO "events" VALUES(12,1795301677553,'ben','version.updated',1,'fraud',2,NULL,'{"tags":{"ticket":{"new":"T-1"}}}');
INSERT INTO "events" VALUES(13,1795301677566,'ana','version.deleted',1,'fraud',3,'as an example','{}');
INSERT INTO "events" VALUES(14,1795301677573,'ben','model.created',2,'churn',NULL,NULL,'{"model":{}}');
INSERT INTO "events" VALUES(15,1795301677575,'ben','model.created',3,'dropped',NULL,NULL,'{"model":{}}');
INSERT INTO "events" VALUES(16,1795301677590,'ben','model.deleted',3,'dropped',NULL,NULL,'{}');
CREATE TABLE experiment_tags (
    experiment_id bigint not null references experiments (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (experiment_id, key)) without rowid;
INSERT INTO "experiment_tags" VALUES(1,'owner','risk');
CREATE TABLE experiments (
    id integer primary key autoincrement,
    name text not null unique,
    artifact_location text not null,
    is_deleted bigint not null,
    created_at bigint not null,
    updated_at bigint not null);
INSERT INTO "experiments" VALUES(0,'Default','mlflow-artifacts:/0',0,1795301676737,1795301676737);
INSERT INTO "experiments" VALUES(1,'trials','mlflow-artifacts:/1',0,1795301676951,1795301676951);
CREATE TABLE latest_metrics (
    run bigint not null references runs (number) on delete cascade,
    key text not null,
    step bigint not null,
    occurred_at bigint not null,
    is_nan bigint not null,
    value double precision not null,
    logged_model_id text null,
    dataset_name text null,
    dataset_digest text null,
    primary key (run, key)) without rowid;
INSERT INTO "latest_metrics" VALUES(1,'accuracy',2,1700000000002,0,0.75,NULL,NULL,NULL);
INSERT INTO "latest_metrics" VALUES(1,'loss',2,1700000000002,1,0.0,NULL,NULL,NULL);
INSERT INTO "latest_metrics" VALUES(1,'ratio',-1,1,0,9e999,NULL,NULL,NULL);
CREATE TABLE logged_model_metrics (
    model bigint not null references logged_models (number) on delete cascade,
    key text not null,
    run_id text not null,
    dataset_name text not null,
    dataset_digest text not null,
    step bigint not null,
    occurred_at bigint not null,
    is_nan bigint not null,
    value double precision not null,
    primary key (model, key, run_id, dataset_name, dataset_digest)) without rowid;
CREATE TABLE logged_model_parameters (
    model bigint not null references logged_models (number) on delete cascade,
    key text not null,
    value text not null,
    primary key (model, key)) without rowid;
INSERT INTO "logged_model_parameters" VALUES(1,'layers','3');
CREATE TABLE logged_model_tags (
    model bigint not null references logged_models (number) on delete cascade,
    key text not null,
    value text not null,
    primary key (model, key)) without rowid;
INSERT INTO "logged_model_tags" VALUES(1,'kind','small');
CREATE TABLE logged_models (
    number integer primary key autoincrement,
    id text not null unique,
    experiment_id bigint not null references experiments (id),
    name text not null,
    artifact_uri text not null,
    status bigint not null,
    status_message text null,
    model_type text null,
    source_run_id text null,
    creator_id text null,
    is_deleted bigint not null,
    created_at bigint not null,
    updated_at bigint not null);
INSERT INTO "logged_models" VALUES(1,'m-c4746d2682fe411f9b6deb519c4a399d',1,'net','mlflow-artifacts:/1/models/m-c4746d2682fe411f9b6deb519c4a399d/artifacts',2,NULL,'onnx','129f3abcd3594622b7a8e8655d9bf405','ana',0,1795301677099,1795301677128);
CREATE TABLE manifest_files (
    manifest text not null references manifests (digest),
    position bigint not null,
    path text not null,
    digest text not null,
    length bigint not null,
    primary key (manifest, position)) without rowid;
INSERT INTO "manifest_files" VALUES('0b0c6f5bf911996033f87b544cd52b163c13028b7649b8d6ac512facfd2f4d33',0,'config.json','b79606fb3afea5bd1609ed40b622142f1c98125abcfe89a76a661b0e8e343910',6);
INSERT INTO "manifest_files" VALUES('0b0c6f5bf911996033f87b544cd52b163c13028b7649b8d6ac512facfd2f4d33',1,'model.onnx','7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',3);
INSERT INTO "manifest_files" VALUES('7067d56bc4d22ece07b0004d1710e89b544532fdb47988a53d3528498abcabc9',0,'model.onnx','3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',3);
CREATE TABLE manifests (
    digest text not null primary key,
    files bigint not null,
    bytes bigint not null) without rowid;
INSERT INTO "manifests" VALUES('0b0c6f5bf911996033f87b544cd52b163c13028b7649b8d6ac512facfd2f4d33',2,9);
INSERT INTO "manifests" VALUES('7067d56bc4d22ece07b0004d1710e89b544532fdb47988a53d3528498abcabc9',1,3);
CREATE TABLE metric_points (
    run bigint not null references runs (number) on delete cascade,
    key text not null,
    occurred_at bigint not null,
    step bigint not null,
    is_nan bigint not null,
    value double precision not null,
    logged_model_id text null,
    dataset_name text null,
    dataset_digest text null,
    primary key (run, key, occurred_at, step, is_nan, value)) without rowid;
INSERT INTO "metric_points" VALUES(1,'accuracy',1700000000001,1,0,0.5,NULL,NULL,NULL);
INSERT INTO "metric_points" VALUES(1,'accuracy',1700000000002,2,0,0.75,NULL,NULL,NULL);
INSERT INTO "metric_points" VALUES(1,'loss',1700000000002,2,1,0.0,NULL,NULL,NULL);
INSERT INTO "metric_points" VALUES(1,'ratio',1,-1,0,9e999,NULL,NULL,NULL);
CREATE TABLE model_tags (
    model_id bigint not null references models (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (model_id, key)) without rowid;
INSERT INTO "model_tags" VALUES(1,'team','risk');
CREATE TABLE models (
    id integer primary key autoincrement,
    name text not null unique,
    description text null,
    next_version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    created_by text not null);
INSERT INTO "models" VALUES(1,'fraud','finds it',4,1795301677201,1795301677566,'ana');
INSERT INTO "models" VALUES(2,'churn',NULL,1,1795301677573,1795301677573,'ben');
CREATE TABLE run_datasets (
    run bigint not null references runs (number) on delete cascade,
    dataset_id bigint not null references datasets (id),
    position bigint not null,
    context text null,
    tags_json text not null,
    primary key (run, dataset_id)) without rowid;
INSERT INTO "run_datasets" VALUES(1,1,0,'training','{"mlflow.data.context":"training"}');
CREATE TABLE run_model_inputs (
    run bigint not null references runs (number) on delete cascade,
    model_id text not null,
    primary key (run, model_id)) without rowid;
INSERT INTO "run_model_inputs" VALUES(1,'m-c4746d2682fe411f9b6deb519c4a399d');
CREATE TABLE run_model_outputs (
    run bigint not null references runs (number) on delete cascade,
    model_id text not null,
    step bigint not null,
    primary key (run, model_id)) without rowid;
INSERT INTO "run_model_outputs" VALUES(1,'m-c4746d2682fe411f9b6deb519c4a399d',2);
CREATE TABLE run_parameters (
    run bigint not null references runs (number) on delete cascade,
    key text not null,
    value text not null,
    primary key (run, key)) without rowid;
INSERT INTO "run_parameters" VALUES(1,'depth','7');
CREATE TABLE run_tags (
    run bigint not null references runs (number) on delete cascade,
    key text not null,
    value text not null,
    primary key (run, key)) without rowid;
INSERT INTO "run_tags" VALUES(1,'mlflow.user','ana');
INSERT INTO "run_tags" VALUES(1,'note','ä 😀 ''"');
CREATE TABLE runs (
    number integer primary key autoincrement,
    id text not null unique,
    experiment_id bigint not null references experiments (id),
    name text not null,
    user_id text not null,
    status bigint not null,
    start_time bigint null,
    started_order bigint not null,
    end_time bigint null,
    artifact_uri text not null,
    is_deleted bigint not null);
INSERT INTO "runs" VALUES(1,'129f3abcd3594622b7a8e8655d9bf405',1,'first','ana',3,1700000000000,1700000000000,1700000001000,'mlflow-artifacts:/1/129f3abcd3594622b7a8e8655d9bf405/artifacts',0);
INSERT INTO "runs" VALUES(2,'15f5f1c5fb84409d922192461f38ca9b',1,'gone','',1,NULL,-9223372036854775808,NULL,'mlflow-artifacts:/1/15f5f1c5fb84409d922192461f38ca9b/artifacts',1);
CREATE TABLE shared_records (
    kind text not null,
    key text not null,
    revision bigint not null,
    value text not null,
    primary key (kind, key)) without rowid;
CREATE TABLE shared_revision (id bigint not null primary key, value bigint not null);
INSERT INTO "shared_revision" VALUES(1,0);
CREATE TABLE slipway_schema (number bigint not null primary key, name text not null, applied_at bigint not null);
INSERT INTO "slipway_schema" VALUES(1,'models, versions, aliases, events, artifacts, experiments, runs, logged models',1795301676737);
INSERT INTO "slipway_schema" VALUES(2,'records that replicas share',1795301676737);
CREATE TABLE version_tags (
    version_id bigint not null references versions (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (version_id, key)) without rowid;
INSERT INTO "version_tags" VALUES(1,'team','risk');
INSERT INTO "version_tags" VALUES(2,'team','risk');
INSERT INTO "version_tags" VALUES(2,'ticket','T-1');
CREATE TABLE versions (
    id integer primary key autoincrement,
    model_id bigint not null references models (id) on delete cascade,
    model text not null,
    number bigint not null,
    manifest text null references manifests (digest),
    status bigint not null,
    status_message text null,
    stage text not null,
    source text not null,
    format text null,
    signature_json text null,
    description text null,
    parameters_json text null,
    metrics_json text null,
    run_id text null,
    run_link text null,
    logged_model_id text null,
    training_data_digest text null,
    parent_version bigint null,
    created_at bigint not null,
    updated_at bigint not null,
    created_by text not null,
    unique (model_id, number));
INSERT INTO "versions" VALUES(1,1,'fraud',1,'0b0c6f5bf911996033f87b544cd52b163c13028b7649b8d6ac512facfd2f4d33',1,NULL,'None','runs:/129f3abcd3594622b7a8e8655d9bf405/model','onnx','{"inputs":[],"outputs":[]}','the first','{"depth":"7"}','{"accuracy":0.75}','129f3abcd3594622b7a8e8655d9bf405',NULL,'m-c4746d2682fe411f9b6deb519c4a399d','d1',NULL,1795301677312,1795301677519,'ana');
INSERT INTO "versions" VALUES(2,1,'fraud',2,'7067d56bc4d22ece07b0004d1710e89b544532fdb47988a53d3528498abcabc9',1,NULL,'Production','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,1795301677427,1795301677553,'ben');
CREATE INDEX models_by_update on models (updated_at);
CREATE INDEX models_by_creation on models (created_at);
CREATE INDEX model_tags_by_value on model_tags (key, substr(value, 1, 64));
CREATE INDEX manifest_files_by_digest on manifest_files (digest);
CREATE INDEX versions_by_name on versions (model, number desc);
CREATE INDEX versions_by_stage on versions (model_id, stage, number desc);
CREATE INDEX versions_by_creation on versions (created_at);
CREATE INDEX versions_by_update on versions (updated_at);
CREATE INDEX versions_by_manifest on versions (manifest) where manifest is not null;
CREATE INDEX versions_by_run on versions (run_id) where run_id is not null;
CREATE INDEX versions_by_logged_model on versions (logged_model_id) where logged_model_id is not null;
CREATE INDEX versions_by_source on versions (substr(source, 1, 64));
CREATE INDEX versions_by_training_data on versions (training_data_digest) where training_data_digest is not null;
CREATE INDEX versions_by_parent on versions (model_id, parent_version) where parent_version is not null;
CREATE INDEX version_tags_by_value on version_tags (key, substr(value, 1, 64));
CREATE INDEX aliases_by_version on aliases (model_id, number);
CREATE INDEX events_by_model on events (model_id, sequence);
CREATE INDEX events_by_name on events (model, sequence);
CREATE INDEX artifacts_by_digest on artifacts (digest);
CREATE INDEX experiments_by_update on experiments (updated_at);
CREATE INDEX experiment_tags_by_value on experiment_tags (key, substr(value, 1, 64));
CREATE INDEX runs_by_start on runs (experiment_id, is_deleted, started_order desc, id);
CREATE INDEX runs_by_name on runs (experiment_id, name);
CREATE INDEX run_tags_by_value on run_tags (key, substr(value, 1, 64));
CREATE INDEX run_parameters_by_value on run_parameters (key, substr(value, 1, 64));
CREATE INDEX latest_metrics_by_value on latest_metrics (key, is_nan, value);
CREATE INDEX run_datasets_by_dataset on run_datasets (dataset_id);
CREATE INDEX logged_models_by_creation on logged_models (experiment_id, is_deleted, created_at desc);
CREATE INDEX shared_records_by_revision on shared_records (kind, revision);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('experiments',1);
INSERT INTO "sqlite_sequence" VALUES('runs',2);
INSERT INTO "sqlite_sequence" VALUES('logged_models',1);
INSERT INTO "sqlite_sequence" VALUES('datasets',1);
INSERT INTO "sqlite_sequence" VALUES('models',3);
INSERT INTO "sqlite_sequence" VALUES('events',16);
INSERT INTO "sqlite_sequence" VALUES('versions',3);
COMMIT;
