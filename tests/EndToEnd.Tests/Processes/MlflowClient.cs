using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>Does over HTTP what MLflow's Python clients do, in their order.</summary>
internal sealed class MlflowClient : IDisposable
{
    private readonly HttpClient _http;

    public MlflowClient(Uri admin) => _http = new HttpClient { BaseAddress = admin };

    /// <summary>Calls the API; the answer must be 200.</summary>
    public async Task<JsonNode> CallAsync(string method, string path, JsonNode? body = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri("api/2.0/mlflow/" + path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == 200, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>A run in an experiment of its own.</summary>
    public async Task<(string Experiment, string Run, string Artifacts)> StartRunAsync(string experiment)
    {
        string id = (string)(await CallAsync("POST", "experiments/create", new JsonObject { ["name"] = experiment }))["experiment_id"]!;
        JsonNode run = (await CallAsync("POST", "runs/create", new JsonObject { ["experiment_id"] = id, ["user_id"] = "ana", ["start_time"] = 1700000000000 }))["run"]!["info"]!;
        return (id, (string)run["run_id"]!, (string)run["artifact_uri"]!);
    }

    /// <summary>What 2.x does: files below the run, and a note at the run. Gives the source of a version.</summary>
    public async Task<string> LogModelAsync(string run, string artifacts, string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        await UploadAsync($"{artifacts}/{folder}", files);
        JsonObject described = new() { ["run_id"] = run, ["artifact_path"] = folder, ["utc_time_created"] = "2026-01-01 00:00:00.000000", ["flavors"] = new JsonObject() };
        await CallAsync("POST", "runs/log-model", new JsonObject { ["run_id"] = run, ["model_json"] = described.ToJsonString() });
        return $"{artifacts}/{folder}";
    }

    /// <summary>What 3.x does: a logged model, files below it, an output of the run. Gives the model's identity.</summary>
    public async Task<string> LogModelAsync(string experiment, string run, IReadOnlyDictionary<string, byte[]> files)
    {
        JsonNode model = (await CallAsync("POST", "logged-models", new JsonObject { ["experiment_id"] = experiment, ["name"] = "model", ["source_run_id"] = run }))["model"]!["info"]!;
        string id = (string)model["model_id"]!;
        await UploadAsync((string)model["artifact_uri"]!, files);
        JsonArray outputs = [new JsonObject { ["model_id"] = id, ["step"] = 0 }];
        await CallAsync("POST", "runs/outputs", new JsonObject { ["run_id"] = run, ["models"] = outputs });
        await CallAsync("PATCH", $"logged-models/{id}", new JsonObject { ["model_id"] = id, ["status"] = "LOGGED_MODEL_READY" });
        return id;
    }

    /// <summary>Registers a version of a source; the model is made when it is not there. Gives the version's number.</summary>
    public async Task<string> RegisterAsync(string name, string source, string run, string? model = null)
    {
        using HttpResponseMessage made = await _http.PostAsJsonAsync(
            new Uri("api/2.0/mlflow/registered-models/create", UriKind.Relative), new JsonObject { ["name"] = name }, TestContext.Current.CancellationToken);
        JsonObject version = new() { ["name"] = name, ["source"] = source, ["run_id"] = run };
        if (model is not null)
        {
            version["model_id"] = model;
        }

        return (string)(await CallAsync("POST", "model-versions/create", version))["model_version"]!["version"]!;
    }

    /// <summary>Points an alias at a version.</summary>
    public Task SetAliasAsync(string name, string alias, string version) =>
        CallAsync("POST", "registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = alias, ["version"] = version });

    public void Dispose() => _http.Dispose();

    private async Task UploadAsync(string location, IReadOnlyDictionary<string, byte[]> files)
    {
        Assert.StartsWith("mlflow-artifacts:/", location, StringComparison.Ordinal);
        foreach ((string name, byte[] content) in files)
        {
            using ByteArrayContent body = new(content);
            using HttpResponseMessage answer = await _http.PutAsync(
                new Uri($"api/2.0/mlflow-artifacts/artifacts{location["mlflow-artifacts:".Length..]}/{name}", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }
}
