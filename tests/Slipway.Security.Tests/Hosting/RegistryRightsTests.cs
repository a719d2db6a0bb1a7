using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Slipway.Core;
using Slipway.Security.Policies;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Hosting;

/// <summary>Roles for some models hold in the registry too: on the management API, on MLflow's, and for artifacts.</summary>
public sealed class RegistryRightsTests
{
    private const string Registry = "api/v1/registry/models";
    private const string Mlflow = "api/2.0/mlflow/";

    private static readonly string[] Narrow = ["contributor:fraud-*", "deployer:fraud-*", "deleter:fraud-*"];

    // Method, path and body of questions about names that are not the caller's.
    private static readonly (string Method, string Path, string? Body)[] Foreign =
    [
        ("GET", Registry + "/credit", null),
        ("GET", Registry + "/nobody", null),
        ("GET", Registry + "/credit/versions", null),
        ("GET", Registry + "/credit/versions/1/files/model.onnx", null),
        ("GET", Registry + "/credit/versions/1/card", null),
        ("GET", Registry + "/credit/versions/1/sbom", null),
        ("GET", Registry + "/credit/history?asOf=2026-01-01", null),
        ("GET", "api/v1/registry/events?model=credit", null),
        ("POST", Registry, """{"name": "credit-2"}"""),
        ("PATCH", Registry + "/credit", """{"description": "x"}"""),
        ("PATCH", Registry + "/fraud-eu", """{"name": "credit-2"}"""),
        ("DELETE", Registry + "/credit", null),
        ("POST", Registry + "/credit/versions", """{"files": []}"""),
        ("PUT", Registry + "/credit/aliases/champion", """{"version": 1}"""),
        ("DELETE", Registry + "/credit/aliases/champion", null),
        ("PUT", Registry + "/credit/versions/1/stage", """{"stage": "Staging"}"""),
        ("DELETE", Registry + "/credit/versions/1", null),
        ("GET", Mlflow + "registered-models/get?name=credit", null),
        ("GET", Mlflow + "registered-models/get?name=nobody", null),
        ("GET", Mlflow + "registered-models/alias?name=credit&alias=champion", null),
        ("GET", Mlflow + "model-versions/get?name=credit&version=1", null),
        ("GET", Mlflow + "model-versions/get-download-uri?name=credit&version=1", null),
        ("GET", "model-versions/get-artifact?name=credit&version=1&path=model.onnx", null),
        ("POST", Mlflow + "registered-models/create", """{"name": "credit-2"}"""),
        ("POST", Mlflow + "registered-models/rename", """{"name": "fraud-eu", "new_name": "credit-2"}"""),
        ("POST", Mlflow + "registered-models/alias", """{"name": "credit", "alias": "champion", "version": "1"}"""),
        ("POST", Mlflow + "model-versions/create", """{"name": "credit", "source": "models:/fraud-eu/1"}"""),
        ("POST", Mlflow + "model-versions/create", """{"name": "fraud-eu", "source": "models:/credit/1"}"""),
        ("DELETE", Mlflow + "model-versions/delete", """{"name": "credit", "version": "1"}"""),
        ("POST", Mlflow + "model-versions/set-tag", """{"name": "credit", "version": "1", "key": "a", "value": "b"}"""),
        ("GET", Mlflow + "experiments/get-by-name?experiment_name=credit-runs", null),
        ("POST", Mlflow + "experiments/create", """{"name": "credit-2"}"""),
    ];

    [Fact]
    public async Task A_role_for_some_models_is_let_in_exactly_where_a_route_checks_names()
    {
        await using SecuredServer server = await StartAsync();
        string key = server.KeyFor("admin:fraud-*");
        List<string> wrong = [];
        foreach (RouteEndpoint route in server.Routes.Where(static route => !RouteCalls.IsGrpc(route)))
        {
            Permission permission = RouteCalls.PermissionOf(route);
            bool isOpen = permission is Permission.None or Permission.AnyCaller or Permission.Infer or Permission.ReadModels or Permission.ManageModels
                || route.Metadata.GetMetadata<CheckedByName>() is not null;
            using HttpClient client = server.Client(RouteCalls.ListenerOf(route), key);
            string status = await RouteCalls.CallAsync(client, route);
            if (!isOpen && status != "403")
            {
                wrong.Add($"{RouteCalls.NameOf(route)} ({permission}): {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Lists_leave_out_what_is_not_the_callers()
    {
        await using SecuredServer server = await StartAsync();
        (_, string credit) = await FillAsync(server);
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));

        List<string> answers = [];
        foreach (string path in (string[])
            [
                Registry, Registry + "/fraud-eu", Registry + "/fraud-eu/versions/1/lineage", "api/v1/registry/events", Mlflow + "registered-models/search", Mlflow + "model-versions/search",
                Mlflow + "experiments/search?max_results=100", "api/2.0/mlflow-artifacts/artifacts",
            ])
        {
            answers.Add(await TextAsync(narrow, path));
            Assert.DoesNotContain("credit", answers[^1], StringComparison.Ordinal);
        }

        Assert.Contains("fraud-eu", answers[0], StringComparison.Ordinal);
        Assert.Contains("alias.moved", answers[3], StringComparison.Ordinal);
        Assert.Contains("fraud-eu", answers[4], StringComparison.Ordinal);
        Assert.Contains("fraud-eu", answers[5], StringComparison.Ordinal);
        Assert.Contains("fraud-runs", answers[6], StringComparison.Ordinal);
        Assert.DoesNotContain("Default", answers[6], StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{credit}\"", answers[7], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_of_runs_and_logged_models_leave_out_other_experiments()
    {
        await using SecuredServer server = await StartAsync();
        (string fraud, string credit) = await FillAsync(server);
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));

        foreach (string path in (string[])["runs/search", "logged-models/search"])
        {
            JsonNode both = await CallAsync(narrow, "POST", Mlflow + path, $$"""{"experiment_ids": ["{{fraud}}", "{{credit}}"], "max_results": 10}""");
            JsonNode other = await CallAsync(narrow, "POST", Mlflow + path, $$"""{"experiment_ids": ["{{credit}}"], "max_results": 10}""");
            Assert.Single((both["runs"] ?? both["models"])!.AsArray());
            Assert.True(other["runs"] is null or JsonArray { Count: 0 } && other["models"] is null or JsonArray { Count: 0 });
        }

        JsonNode data = await CallAsync(narrow, "POST", Mlflow + "experiments/search-datasets", $$"""{"experiment_ids": ["{{credit}}"]}""");
        Assert.True(data["dataset_summaries"] is null or JsonArray { Count: 0 });
    }

    [Fact]
    public async Task Pages_and_their_tokens_tell_nothing_of_other_models()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient admin = server.Client("admin", server.KeyFor("admin"));
        foreach (string name in (string[])["a-secret", "fraud-1", "fraud-2", "m-secret", "n-secret", "fraud-3", "z-secret"])
        {
            await CallAsync(admin, "POST", Registry, $$"""{"name": "{{name}}"}""");
        }

        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));
        List<string> seen = [];
        string? token = "";
        for (int page = 0; token is not null; page++)
        {
            Assert.InRange(page, 0, 10);
            JsonNode answer = JsonNode.Parse(await TextAsync(narrow, $"{Mlflow}registered-models/search?max_results=2&page_token={token}"))!;
            seen.AddRange(answer["registered_models"]?.AsArray().Select(static model => (string)model!["name"]!) ?? []);
            token = (string?)answer["next_page_token"];
            Assert.DoesNotContain("secret", Decoded(token), StringComparison.Ordinal);
        }

        Assert.Equal(["fraud-1", "fraud-2", "fraud-3"], seen);
    }

    [Fact]
    public async Task A_name_that_is_not_the_callers_is_refused_whether_it_is_there_or_not()
    {
        await using SecuredServer server = await StartAsync();
        await FillAsync(server);
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));

        foreach ((string method, string path, string? body) in Foreign)
        {
            await CallAsync(narrow, method, path, body, 403);
        }

        Assert.Contains(server.Audit.Events, static entry => entry is { Action: "access.denied", Subject: { Kind: "model", Name: "credit" } });
    }

    [Fact]
    public async Task What_is_asked_for_by_an_identity_that_is_not_the_callers_is_not_there()
    {
        await using SecuredServer server = await StartAsync();
        (_, string credit) = await FillAsync(server);
        using HttpClient admin = server.Client("admin", server.KeyFor("admin"));
        string run = (string)(await CallAsync(admin, "POST", Mlflow + "runs/search", $$"""{"experiment_ids": ["{{credit}}"]}"""))["runs"]![0]!["info"]!["run_id"]!;
        string model = (string)(await CallAsync(admin, "POST", Mlflow + "logged-models/search", $$"""{"experiment_ids": ["{{credit}}"]}"""))["models"]![0]!["info"]!["model_id"]!;
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));

        await CallAsync(narrow, "GET", $"{Mlflow}experiments/get?experiment_id={credit}", null, 404);
        await CallAsync(narrow, "POST", Mlflow + "experiments/delete", $$"""{"experiment_id": "{{credit}}"}""", 404);
        await CallAsync(narrow, "POST", Mlflow + "experiments/set-experiment-tag", $$"""{"experiment_id": "{{credit}}", "key": "a", "value": "b"}""", 404);
        await CallAsync(narrow, "POST", Mlflow + "runs/create", $$"""{"experiment_id": "{{credit}}"}""", 404);
        await CallAsync(narrow, "GET", $"{Mlflow}runs/get?run_id={run}", null, 404);
        await CallAsync(narrow, "POST", Mlflow + "runs/log-metric", $$"""{"run_id": "{{run}}", "key": "m", "value": 1, "timestamp": 1}""", 404);
        await CallAsync(narrow, "POST", Mlflow + "runs/delete", $$"""{"run_id": "{{run}}"}""", 404);
        await CallAsync(narrow, "GET", $"{Mlflow}metrics/get-history?run_id={run}&metric_key=m", null, 404);
        await CallAsync(narrow, "GET", $"{Mlflow}artifacts/list?run_id={run}", null, 404);
        await CallAsync(narrow, "GET", $"{Mlflow}logged-models/{model}", null, 404);
        await CallAsync(narrow, "DELETE", $"{Mlflow}logged-models/{model}", null, 404);
        await CallAsync(narrow, "GET", $"api/2.0/mlflow-artifacts/artifacts/{credit}/data.txt", null, 404);
        await CallAsync(narrow, "PUT", $"api/2.0/mlflow-artifacts/artifacts/{credit}/data.txt", "x", 403);
        await CallAsync(narrow, "DELETE", $"api/2.0/mlflow-artifacts/artifacts/{credit}/data.txt", null, 403);
        await CallAsync(narrow, "PUT", "api/2.0/mlflow-artifacts/artifacts/elsewhere/data.txt", "x", 403);
        await CallAsync(narrow, "POST", Mlflow + "model-versions/create", $$"""{"name": "fraud-eu", "source": "mlflow-artifacts:/{{credit}}"}""", 404);
        await CallAsync(narrow, "POST", Mlflow + "model-versions/create", $$"""{"name": "fraud-eu", "source": "runs:/{{run}}/model"}""", 404);
        await CallAsync(narrow, "POST", Mlflow + "model-versions/create", $$"""{"name": "fraud-eu", "source": "models:/{{model}}"}""", 404);
        Assert.Equal("{}", (await TextAsync(narrow, $"api/2.0/mlflow-artifacts/artifacts?path={credit}")).Replace("\"files\":[]", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_of_a_logged_model_of_others_are_not_written_through_a_run_of_ones_own()
    {
        await using SecuredServer server = await StartAsync();
        (string fraud, string credit) = await FillAsync(server);
        using HttpClient admin = server.Client("admin", server.KeyFor("admin"));
        string model = (string)(await CallAsync(admin, "POST", Mlflow + "logged-models/search", $$"""{"experiment_ids": ["{{credit}}"]}"""))["models"]![0]!["info"]!["model_id"]!;
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));
        string run = (string)(await CallAsync(narrow, "POST", Mlflow + "runs/create", $$"""{"experiment_id": "{{fraud}}"}"""))["run"]!["info"]!["run_id"]!;

        await CallAsync(narrow, "POST", Mlflow + "runs/log-metric", $$"""{"run_id": "{{run}}", "key": "m", "value": 1, "timestamp": 1, "model_id": "{{model}}"}""", 404);
    }

    [Fact]
    public async Task Within_its_names_a_narrow_role_does_all_that_it_may()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient narrow = server.Client("admin", server.KeyFor(Narrow));

        await PublishAsync(narrow, "fraud-new");
        await CallAsync(narrow, "PUT", Registry + "/fraud-new/aliases/champion", """{"version": 1}""");
        await CallAsync(narrow, "GET", Registry + "/fraud-new/versions/champion");
        string experiment = (string)(await CallAsync(narrow, "POST", Mlflow + "experiments/create", """{"name": "fraud-lab"}"""))["experiment_id"]!;
        JsonNode run = (await CallAsync(narrow, "POST", Mlflow + "runs/create", $$"""{"experiment_id": "{{experiment}}"}"""))["run"]!["info"]!;
        string artifacts = ((string)run["artifact_uri"]!)["mlflow-artifacts:/".Length..];
        await CallAsync(narrow, "PUT", $"api/2.0/mlflow-artifacts/artifacts/{artifacts}/model/model.onnx", "x");
        await CallAsync(narrow, "POST", Mlflow + "model-versions/create", $$"""{"name": "fraud-new", "source": "runs:/{{(string)run["run_id"]!}}/model"}""");
        await CallAsync(narrow, "DELETE", Registry + "/fraud-new/versions/2", null, 204);
        await CallAsync(narrow, "DELETE", Registry + "/fraud-new", null, 204);
    }

    [Fact]
    public async Task A_contributor_everywhere_gives_no_model_another_name()
    {
        await using SecuredServer server = await StartAsync();
        await FillAsync(server);
        using HttpClient contributor = server.Client("admin", server.KeyFor("contributor"));

        await CallAsync(contributor, "PATCH", Registry + "/credit", """{"name": "fraud-eu2"}""", 403);
        await CallAsync(contributor, "PATCH", Registry + "/credit", """{"description": "lends"}""");
    }

    private static Task<SecuredServer> StartAsync() => SecuredServer.StartAsync(static options =>
        options.Security.Roles = [new Role("deleter", PermissionSet.Of(Permission.ReadRegistry, Permission.DeleteRegistry))]);

    // Two models with a version and an alias each, two experiments with a run, a logged model and an artifact each.
    private static async Task<(string Fraud, string Credit)> FillAsync(SecuredServer server)
    {
        using HttpClient admin = server.Client("admin", server.KeyFor("admin"));
        List<string> experiments = [];
        foreach (string name in (string[])["fraud", "credit"])
        {
            string model = name == "fraud" ? "fraud-eu" : name;
            await PublishAsync(admin, model);
            await CallAsync(admin, "PUT", $"{Registry}/{model}/aliases/champion", """{"version": 1}""");
            string id = (string)(await CallAsync(admin, "POST", Mlflow + "experiments/create", $$"""{"name": "{{name}}-runs"}"""))["experiment_id"]!;
            string run = (string)(await CallAsync(admin, "POST", Mlflow + "runs/create", $$"""{"experiment_id": "{{id}}"}"""))["run"]!["info"]!["run_id"]!;
            await CallAsync(admin, "POST", Mlflow + "logged-models", $$"""{"experiment_id": "{{id}}", "name": "{{name}}", "source_run_id": "{{run}}"}""");
            await CallAsync(admin, "PUT", $"api/2.0/mlflow-artifacts/artifacts/{id}/data.txt", "x");
            experiments.Add(id);
        }

        return (experiments[0], experiments[1]);
    }

    private static async Task PublishAsync(HttpClient client, string model)
    {
        using ByteArrayContent content = new(OnnxModels.Add(1));
        using HttpResponseMessage uploaded = await client.PostAsync(new Uri("api/v1/registry/blobs", UriKind.Relative), content, TestContext.Current.CancellationToken);
        JsonNode blob = JsonNode.Parse(await uploaded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        string file = $$"""{"path": "model.onnx", "digest": "{{(string)blob["digest"]!}}", "length": {{(long)blob["length"]!}}}""";
        await CallAsync(client, "POST", $"{Registry}/{model}/versions", $$"""{"files": [{{file}}], "createModel": true}""", 201);
    }

    private static async Task<JsonNode> CallAsync(HttpClient client, string method, string path, string? body = null, int status = 200)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        bool asExpected = status == (int)answer.StatusCode || (status == 200 && (int)answer.StatusCode == 201);
        Assert.True(asExpected, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length > 0 && text[0] == '{' ? JsonNode.Parse(text)! : new JsonObject();
    }

    private static async Task<string> TextAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == 200, $"{path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    private static string Decoded(string? token) => token is null ? "" : Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token));
}
