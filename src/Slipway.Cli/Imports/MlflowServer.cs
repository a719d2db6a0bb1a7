using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Server.Imports;

namespace Slipway.Cli.Imports;

/// <summary>
/// Reads the registered models of an MLflow server over its REST API, page by page; files through its artifact proxy. Credentials are taken from MLflow's own variables
/// (<c>MLFLOW_TRACKING_TOKEN</c>, or <c>MLFLOW_TRACKING_USERNAME</c> and <c>MLFLOW_TRACKING_PASSWORD</c>).
/// </summary>
/// <param name="address">Where the server is; a path before <c>/api</c> is kept.</param>
/// <param name="handler">Connections; null: its own.</param>
internal sealed class MlflowServer(Uri address, HttpMessageHandler? handler = null)
{
    private const int MostPages = 100_000;
    private const int MostFiles = 10_000;
    private const int MostHops = 4;
    private const int MaxDepth = 32;
    private const long MaxAnswerBytes = 64L << 20;

    private readonly HttpClient _http = Client(address, handler);

    /// <summary>All models with their versions; files are fetched when they are opened.</summary>
    /// <exception cref="CliException">The server refuses, or is none.</exception>
    public async Task<IReadOnlyList<ImportedModel>> ReadModelsAsync(CancellationToken cancellationToken)
    {
        List<ImportedModel> models = [];
        await foreach (JsonElement found in PagesAsync("registered-models/search", [("max_results", "100")], "registered_models", cancellationToken))
        {
            string name = Text(found, "name") ?? throw Strange();
            JsonElement model = (await GetAsync("registered-models/get", [("name", name)], cancellationToken)).GetProperty("registered_model");
            models.Add(await ReadModelAsync(name, model, cancellationToken));
        }

        return models;
    }

    private async Task<ImportedModel> ReadModelAsync(string name, JsonElement model, CancellationToken cancellationToken)
    {
        List<ImportedVersion> versions = [];
        List<string> notices = [];
        string quote = name.Contains('\'', StringComparison.Ordinal) ? "\"" : "'";
        await foreach (JsonElement version in PagesAsync("model-versions/search", [("filter", $"name={quote}{name}{quote}"), ("max_results", "1000")], "model_versions", cancellationToken))
        {
            if (!long.TryParse(Text(version, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                throw Strange();
            }

            string uri = Text(await GetAsync("model-versions/get-download-uri", [("name", name), ("version", Text(version, "version")!)], cancellationToken), "artifact_uri") ?? "";
            if (await ProxiedAsync(uri, cancellationToken) is { } folder)
            {
                versions.Add(new ImportedVersion(number, await ListAsync(folder, cancellationToken))
                {
                    Description = Text(version, "description"),
                    Stage = Text(version, "current_stage") is { } stage and not "None" ? stage : null,
                    RunId = Text(version, "run_id"),
                    Tags = Pairs(version, "tags", "key"),
                });
            }
            else
            {
                notices.Add($"version {number} is not taken over: its files at '{uri}' are not served by the server's artifact proxy");
            }
        }

        return new ImportedModel(name, [.. versions.OrderBy(static version => version.Number)])
        {
            Description = Text(model, "description"),
            Tags = Pairs(model, "tags", "key"),
            Aliases = Pairs(model, "aliases", "alias", "version").ToDictionary(static alias => alias.Key, static alias => long.Parse(alias.Value, CultureInfo.InvariantCulture)),
            Notices = notices,
        };
    }

    // Where the proxy has what a URI names; null when it has not.
    private async Task<string?> ProxiedAsync(string uri, CancellationToken cancellationToken)
    {
        for (int hop = 0; hop < MostHops; hop++)
        {
            if (uri.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
            {
                string path = uri["mlflow-artifacts:".Length..];
                path = path.StartsWith("//", StringComparison.Ordinal) ? path[(path.IndexOf('/', 2) is > 0 and int at ? at : path.Length)..] : path;
                return path.Trim('/');
            }

            if (uri.StartsWith("models:/m-", StringComparison.Ordinal))
            {
                JsonElement logged = await GetAsync($"logged-models/{Uri.EscapeDataString(uri["models:/".Length..])}", [], cancellationToken);
                uri = Text(logged.GetProperty("model").GetProperty("info"), "artifact_uri") ?? "";
            }
            else if (uri.StartsWith("runs:/", StringComparison.Ordinal) && uri.IndexOf('/', 6) is > 6 and int slash)
            {
                JsonElement run = await GetAsync("runs/get", [("run_id", uri[6..slash])], cancellationToken);
                uri = Text(run.GetProperty("run").GetProperty("info"), "artifact_uri") + uri[slash..];
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<ImportedFile>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        List<ImportedFile> files = [];
        Stack<(string Path, int Depth)> open = new([("", 0)]);
        while (open.TryPop(out (string Path, int Depth) next))
        {
            string asked = next.Path.Length > 0 ? $"{folder}/{next.Path}" : folder;
            JsonElement answer = await SendAsync($"api/2.0/mlflow-artifacts/artifacts?path={Uri.EscapeDataString(asked)}", cancellationToken);
            foreach (JsonElement entry in Items(answer, "files"))
            {
                // Names only, never paths: what a server says becomes a name here.
                string name = (Text(entry, "path") ?? "").Split('/')[^1];
                string path = ArtifactPath.Check(next.Path.Length > 0 ? $"{next.Path}/{name}" : name);
                if (entry.TryGetProperty("is_dir", out JsonElement isFolder) && isFolder.ValueKind == JsonValueKind.True)
                {
                    open.Push((path, next.Depth < MaxDepth ? next.Depth + 1 : throw new CliException(ExitCode.BadInput, $"'{path}': folders nested more than {MaxDepth} deep")));
                }
                else
                {
                    files.Add(new ImportedFile(path, token => DownloadAsync($"{folder}/{path}", token)));
                }
            }

            if (files.Count > MostFiles)
            {
                throw new CliException(ExitCode.BadInput, $"'{folder}' has more than {MostFiles} files");
            }
        }

        return files;
    }

    private async Task<Stream> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        string escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        HttpResponseMessage response = await _http.GetAsync(new Uri($"api/2.0/mlflow-artifacts/artifacts/{escaped}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStreamAsync(cancellationToken) : throw await RefusalAsync(response, cancellationToken);
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(
        string path, (string Name, string Value)[] query, string items, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        for (int page = 0; page < MostPages; page++)
        {
            JsonElement answer = await GetAsync(path, token is null ? query : [.. query, ("page_token", token)], cancellationToken);
            foreach (JsonElement item in Items(answer, items))
            {
                yield return item;
            }

            string? next = Text(answer, "next_page_token");
            if (next is null || next == token)
            {
                yield break;
            }

            token = next;
        }
    }

    private Task<JsonElement> GetAsync(string path, (string Name, string Value)[] query, CancellationToken cancellationToken) => SendAsync(
        $"api/2.0/mlflow/{path}?{string.Join('&', query.Select(static pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))}", cancellationToken);

    private async Task<JsonElement> SendAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, cancellationToken);
        }

        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using JsonDocument document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Strange();
        }
        catch (JsonException)
        {
            throw Strange();
        }
    }

    private async Task<CliException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        string? message = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            message = Text(document.RootElement, "message");
        }
        catch (JsonException)
        {
            // The status says it.
        }

        return new CliException(ExitCode.Failed, $"{_http.BaseAddress}: {(int)response.StatusCode} {message ?? response.ReasonPhrase}");
    }

    private CliException Strange() => new(ExitCode.Failed, $"{_http.BaseAddress} does not answer as an MLflow server");

    private static JsonElement[] Items(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ToString() is { Length: > 0 } text ? text : null;

    private static Dictionary<string, string> Pairs(JsonElement element, string name, string key, string value = "value")
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (JsonElement item in Items(element, name))
        {
            if (Text(item, key) is { } text)
            {
                pairs[text] = Text(item, value) ?? "";
            }
        }

        return pairs;
    }

    private static HttpClient Client(Uri address, HttpMessageHandler? handler)
    {
        HttpClient http = new(handler ?? new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        if (Environment.GetEnvironmentVariable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        else if (Environment.GetEnvironmentVariable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } user)
        {
            string password = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_PASSWORD") ?? "";
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        }

        return http;
    }
}
