using System.Text.Json.Nodes;

namespace Slipway.Mlflow.Tests;

/// <summary>The rules of the API, one after the other, against a server.</summary>
public sealed class RuleTests : IAsyncLifetime
{
    private MlflowServer _server = null!;
    private MlflowApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await MlflowServer.StartAsync();
        _api = new MlflowApi(_server.Client);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Batches_keep_their_limits()
    {
        string run = await _api.RunAsync("r");
        await _api.PostAsync("runs/log-batch", MlflowApi.Batch(run, 800, 100, 100));
        await _api.FailsAsync("runs/log-batch", MlflowApi.Batch(run, 1001, 0, 0), "INVALID_PARAMETER_VALUE");
        await _api.FailsAsync("runs/log-batch", MlflowApi.Batch(run, 0, 101, 0), "INVALID_PARAMETER_VALUE");
        await _api.FailsAsync("runs/log-batch", MlflowApi.Batch(run, 0, 0, 101), "INVALID_PARAMETER_VALUE");
        await _api.FailsAsync("runs/log-batch", MlflowApi.Batch(run, 901, 100, 0), "INVALID_PARAMETER_VALUE");
        await _api.FailsAsync("runs/log-batch", $$"""{"run_id":"{{run}}","params":[{"key":"a","value":"1"},{"key":"a","value":"2"}]}""", "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("""{"key":"a$b","value":1,"timestamp":1}""")]
    [InlineData("""{"key":"../a","value":1,"timestamp":1}""")]
    [InlineData("""{"key":"/a","value":1,"timestamp":1}""")]
    [InlineData("""{"key":"a//b","value":1,"timestamp":1}""")]
    [InlineData("""{"key":"a","value":"x","timestamp":1}""")]
    [InlineData("""{"key":"a","value":true,"timestamp":1}""")]
    [InlineData("""{"key":"a","timestamp":1}""")]
    [InlineData("""{"key":"a","value":1}""")]
    [InlineData("""{"key":"a","value":1,"timestamp":-1}""")]
    [InlineData("""{"value":1,"timestamp":1}""")]
    public async Task A_metric_that_is_none_is_refused(string metric)
    {
        JsonObject body = JsonNode.Parse(metric)!.AsObject();
        body["run_id"] = await _api.RunAsync("r");
        await _api.FailsAsync("runs/log-metric", body.ToJsonString(), "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("metrics.a > 'x'")]
    [InlineData("metrics.a LIKE 1")]
    [InlineData("params.a = 1")]
    [InlineData("params.a > '1'")]
    [InlineData("tags.a < 'x'")]
    [InlineData("nonsense.a = 'x'")]
    [InlineData("attributes.nonsense = 'x'")]
    [InlineData("metrics.a > 1 OR metrics.b > 1")]
    [InlineData("(metrics.a > 1)")]
    [InlineData("metrics.a")]
    [InlineData("params.a = abc")]
    [InlineData("params.a = 'abc")]
    [InlineData("attributes.run_id IN ()")]
    [InlineData("attributes.status IN ('FINISHED')")]
    [InlineData("start_time IS NULL")]
    [InlineData("datasets.nonsense = 'x'")]
    [InlineData("a'; DROP TABLE runs; --")]
    public async Task A_filter_that_is_none_is_refused(string filter)
    {
        JsonObject body = new() { ["experiment_ids"] = new JsonArray("0"), ["filter"] = filter };
        await _api.FailsAsync("runs/search", body.ToJsonString(), "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("""{"experiment_ids":["0"],"max_results":50001}""")]
    [InlineData("""{"experiment_ids":["0"],"max_results":0}""")]
    [InlineData("""{"experiment_ids":["0"],"max_results":"many"}""")]
    [InlineData("""{"experiment_ids":["0"],"order_by":["nonsense.a"]}""")]
    [InlineData("""{"experiment_ids":["0"],"order_by":["metrics.a UP"]}""")]
    [InlineData("""{"experiment_ids":["0"],"page_token":"!"}""")]
    [InlineData("""{"experiment_ids":"0"}""")]
    public async Task A_search_that_is_none_is_refused(string body) => await _api.FailsAsync("runs/search", body, "INVALID_PARAMETER_VALUE");

    [Fact]
    public async Task All_prefixes_answer_and_unknown_calls_are_named()
    {
        foreach (string prefix in (string[])["/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/", "/api/2.0/preview/mlflow/", "/ajax-api/2.0/preview/mlflow/"])
        {
            Assert.Equal("Default", (string?)(await _api.SendAsync("GET", "experiments/get?experiment_id=0", null, prefix: prefix))["experiment"]!["name"]);
        }

        Assert.Equal("ENDPOINT_NOT_FOUND", (string?)(await _api.SendAsync("POST", "traces", new JsonObject(), 404, "/api/3.0/mlflow/"))["error_code"]);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("LATEST")]
    [InlineData("v12")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public async Task Reserved_and_bad_aliases_are_refused(string alias)
    {
        await _api.PostAsync("registered-models/create", """{"name":"m"}""");
        await _api.PostAsync("model-versions/create", """{"name":"m","source":"mlflow-artifacts:/0/x"}""");
        await _api.FailsAsync("registered-models/alias", $$"""{"name":"m","alias":"{{alias}}","version":"1"}""", "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("C:\\\\models")]
    [InlineData("mlflow-artifacts:/../../etc")]
    [InlineData("mlflow-artifacts:/a/%2e%2e/%2e%2e/etc")]
    [InlineData("mlflow-artifacts:/a/%252e%252e/etc")]
    [InlineData("s3://bucket/../other")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://example.org/model")]
    [InlineData("ftp://example.org/model")]
    public async Task Sources_that_are_local_foreign_or_climb_are_refused(string source)
    {
        await _api.PostAsync("registered-models/create", """{"name":"m"}""");
        await _api.FailsAsync("model-versions/create", $$"""{"name":"m","source":"{{source}}"}""", "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task A_version_keeps_the_files_that_were_there_when_it_was_made()
    {
        string run = await _api.RunAsync("r");
        await _api.UploadAsync($"0/{run}/artifacts/model/a.txt", "first"u8.ToArray());
        await _api.PostAsync("registered-models/create", """{"name":"m"}""");
        await _api.PostAsync("model-versions/create", $$"""{"name":"m","source":"runs:/{{run}}/model","run_id":"{{run}}"}""");
        await _api.UploadAsync($"0/{run}/artifacts/model/a.txt", "second"u8.ToArray());

        string frozen = await _server.Client.GetStringAsync(new Uri("/model-versions/get-artifact?name=m&version=1&path=a.txt", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("first", frozen);
        Assert.Equal($"mlflow-artifacts:/0/{run}/artifacts/model", (string?)(await _api.GetAsync("model-versions/get-download-uri?name=m&version=1"))["artifact_uri"]);
    }

    [Fact]
    public async Task Stages_are_known_in_any_case_and_make_room()
    {
        await _api.PostAsync("registered-models/create", """{"name":"m"}""");
        await _api.PostAsync("model-versions/create", """{"name":"m","source":"s3://b/1"}""");
        await _api.PostAsync("model-versions/create", """{"name":"m","source":"s3://b/2"}""");
        JsonNode first = await _api.PostAsync("model-versions/transition-stage", """{"name":"m","version":"1","stage":"production","archive_existing_versions":false}""");
        Assert.Equal("Production", (string?)first["model_version"]!["current_stage"]);
        await _api.PostAsync("model-versions/transition-stage", """{"name":"m","version":"2","stage":"PRODUCTION","archive_existing_versions":true}""");
        Assert.Equal("Archived", (string?)(await _api.GetAsync("model-versions/get?name=m&version=1"))["model_version"]!["current_stage"]);
        JsonNode latest = await _api.PostAsync("registered-models/get-latest-versions", """{"name":"m","stages":["Production"]}""");
        Assert.Equal("2", (string?)latest["model_versions"]![0]!["version"]);
        await _api.FailsAsync("model-versions/transition-stage", """{"name":"m","version":"1","stage":"Live"}""", "INVALID_PARAMETER_VALUE");
        await _api.FailsAsync("model-versions/transition-stage", """{"name":"m","version":"1","stage":"Archived","archive_existing_versions":true}""", "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Prompts_are_not_among_the_models_unless_asked_for()
    {
        await _api.PostAsync("registered-models/create", """{"name":"m"}""");
        await _api.PostAsync("registered-models/create", """{"name":"p","tags":[{"key":"mlflow.prompt.is_prompt","value":"true"}]}""");

        JsonArray models = (await _api.GetAsync("registered-models/search"))["registered_models"]!.AsArray();
        JsonArray prompts = (await _api.GetAsync("registered-models/search?filter=" + Uri.EscapeDataString("tags.`mlflow.prompt.is_prompt` = 'true'")))["registered_models"]!.AsArray();

        Assert.Equal("m", (string?)Assert.Single(models)!["name"]);
        Assert.Equal("p", (string?)Assert.Single(prompts)!["name"]);
    }

    [Fact]
    public async Task Logged_models_are_found_by_texts_without_quotes_and_by_the_datasets_of_their_metrics()
    {
        string run = await _api.RunAsync("r");
        foreach (string rate in (string[])["0.1", "0.2"])
        {
            JsonNode model = await _api.PostAsync("logged-models", $$"""{"experiment_id":"0","name":"m{{rate[2..]}}","params":[{"key":"lr","value":"{{rate}}"}],"tags":[{"key":"stage","value":"dev"}]}""");
            await _api.PostAsync("runs/log-metric", $$"""
                {"run_id":"{{run}}","key":"auc","value":{{rate}},"timestamp":1,"model_id":"{{model["model"]!["info"]!["model_id"]}}","dataset_name":"d{{rate[2..]}}","dataset_digest":"x"}
                """);
        }

        Assert.Equal("m2 m1", await FoundAsync("\"filter\":\"tags.stage = dev\""));
        Assert.Equal("m1", await FoundAsync("\"filter\":\"metrics.auc < 0.15 AND params.lr = 0.1\""));
        Assert.Equal("m2", await FoundAsync("\"datasets\":[{\"dataset_name\":\"d2\"}]"));
        Assert.Equal("m2", await FoundAsync("\"datasets\":[{\"dataset_name\":\"d2\",\"dataset_digest\":\"x\"}],\"filter\":\"name LIKE 'm%'\""));
        Assert.Equal("", await FoundAsync("\"datasets\":[{\"dataset_name\":\"d2\",\"dataset_digest\":\"y\"}]"));
        Assert.Equal("", await FoundAsync("\"datasets\":[{\"dataset_name\":\"d2\"}],\"filter\":\"metrics.auc < 0.15\""));

        async Task<string> FoundAsync(string search) => string.Join(' ', (await _api.PostAsync("logged-models/search", $$"""{"experiment_ids":["0"],{{search}}}"""))["models"]
            ?.AsArray().Select(static model => (string)model!["info"]!["name"]!) ?? []);
    }

    [Fact]
    public async Task History_comes_once_however_it_is_paged()
    {
        string run = await _api.RunAsync("r");
        foreach (int step in Enumerable.Range(0, 5))
        {
            await _api.PostAsync("runs/log-metric", $$"""{"run_id":"{{run}}","key":"loss","value":"NaN","timestamp":{{step}},"step":{{step}}}""");
        }

        List<long> steps = [];
        string? token = null;
        do
        {
            JsonNode page = await _api.GetAsync($"metrics/get-history?run_id={run}&metric_key=loss&max_results=2" + (token is null ? "" : "&page_token=" + Uri.EscapeDataString(token)));
            steps.AddRange(page["metrics"]!.AsArray().Select(point => (long)point!["step"]!));
            token = (string?)page["next_page_token"];
        }
        while (!string.IsNullOrEmpty(token));
        Assert.Equal([0, 1, 2, 3, 4], steps);

        JsonNode whole = await _api.GetAsync($"metrics/get-history?run_id={run}&metric_key=loss");
        JsonNode rest = await _api.GetAsync($"metrics/get-history?run_id={run}&metric_key=loss&page_token=" + Uri.EscapeDataString((string)whole["next_page_token"]!));
        Assert.Equal(5, whole["metrics"]!.AsArray().Count);
        Assert.Equal("NaN", (string?)whole["metrics"]![0]!["value"]);
        Assert.Empty(rest.AsObject());
    }

    [Theory]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public async Task A_body_that_is_no_object_of_texts_is_refused(string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _server.Client.PostAsync(new Uri("/api/2.0/mlflow/experiments/create", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
    }
}
