using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Mlflow.Tests;

/// <summary>Calls of the API, for tests that say what they expect in a line.</summary>
internal sealed class MlflowApi(HttpClient client)
{
    /// <summary>Calls with a JSON body and gives the answer; the status is checked.</summary>
    public async Task<JsonNode> SendAsync(string method, string path, JsonNode? body, int status = 200, string prefix = "/api/2.0/mlflow/")
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(prefix + path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>POST; see <see cref="SendAsync"/>.</summary>
    public Task<JsonNode> PostAsync(string path, string body, int status = 200) => SendAsync("POST", path, JsonNode.Parse(body), status);

    /// <summary>GET; see <see cref="SendAsync"/>.</summary>
    public Task<JsonNode> GetAsync(string path, int status = 200) => SendAsync("GET", path, null, status);

    /// <summary>Calls what must fail, and checks the name of the error.</summary>
    public async Task FailsAsync(string path, string body, string error, int status = 400) =>
        Assert.Equal(error, (string?)(await PostAsync(path, body, status))["error_code"]);

    /// <summary>Makes a run in the default experiment and gives its identity.</summary>
    public async Task<string> RunAsync(string name) =>
        (string)(await PostAsync("runs/create", $$"""{"experiment_id":"0","run_name":"{{name}}","start_time":1700000000000}"""))["run"]!["info"]!["run_id"]!;

    /// <summary>Uploads an artifact.</summary>
    public async Task UploadAsync(string path, byte[] content)
    {
        using ByteArrayContent body = new(content);
        using HttpResponseMessage answer = await client.PutAsync(new Uri("/api/2.0/mlflow-artifacts/artifacts/" + path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    /// <summary>A body that is a batch of so many metrics, parameters and tags.</summary>
    public static string Batch(string run, int metrics, int parameters, int tags)
    {
        StringBuilder text = new($"{{\"run_id\":\"{run}\",\"metrics\":[");
        text.AppendJoin(',', Enumerable.Range(0, metrics).Select(i => $"{{\"key\":\"m{i}\",\"value\":{i},\"timestamp\":1}}"));
        text.Append("],\"params\":[").AppendJoin(',', Enumerable.Range(0, parameters).Select(i => $"{{\"key\":\"p{i}\",\"value\":\"{i}\"}}"));
        text.Append("],\"tags\":[").AppendJoin(',', Enumerable.Range(0, tags).Select(i => $"{{\"key\":\"t{i}\",\"value\":\"{i}\"}}"));
        return text.Append("]}").ToString();
    }
}
