using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Health, and the multi-model calls: list, load and unload. A model is one of the server's repository, by name; the URL that a caller gives along is kept to be shown
/// again and never opened.
/// </summary>
internal sealed class LoadedModelsHandler(IModelCatalog catalog, IModelControl control, BodyLimits limits)
{
    private const int PageSize = 100;
    private const int LongestText = 1024;

    private static readonly byte[] LineBreak = "\n"u8.ToArray();
    private static readonly byte[] ScoringVersion = "2.17.3"u8.ToArray();

    private readonly ConcurrentDictionary<string, string> _urls = new(StringComparer.Ordinal);

    /// <summary><c>GET /ping</c>: 200 once the server has tried all models that it ought to load, none of them included.</summary>
    /// <remarks>SageMaker's answer is empty; MLflow's scoring server sends a line break, and so it is sent where one of its models is served.</remarks>
    public Task PingAsync(HttpContext context) => JsonAnswers.SendJsonAsync(
        context,
        catalog.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
        catalog.GetModels().Any(static model => model.Versions.Any(static version => version.Servable?.Signature.Metadata.ContainsKey(ModelMetadataKeys.MLflow) == true))
            ? LineBreak
            : []);

    /// <summary><c>GET /version</c>: the version of MLflow whose scoring protocol is spoken.</summary>
    public static Task VersionAsync(HttpContext context) => JsonAnswers.SendJsonAsync(context, StatusCodes.Status200OK, ScoringVersion);

    /// <summary><c>GET /models</c>, page by page.</summary>
    public async Task ListAsync(HttpContext context)
    {
        string token = context.Request.Query["next_page_token"].ToString();
        int start = 0;
        if (token.Length > 0 && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out start))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "next_page_token is not one that was handed out");
        }

        ModelSnapshot[] loaded = [.. catalog.GetModels().Where(IsLoaded)];
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open("models");
        json.OpenArray();
        foreach (ModelSnapshot model in loaded.Skip(start).Take(PageSize))
        {
            WriteModel(json, model.Name);
        }

        json.CloseArray();
        if ((long)start + PageSize < loaded.Length)
        {
            json.Property("nextPageToken", (start + PageSize).ToString(CultureInfo.InvariantCulture));
        }

        json.Close();
        await body.SendJsonAsync(context);
    }

    /// <summary><c>GET /models/{model}</c></summary>
    public async Task ShowAsync(HttpContext context)
    {
        string name = RequireLoaded(context);
        using ResponseBuffer body = new();
        WriteModel(new JsonWriter(body), name);
        await body.SendJsonAsync(context);
    }

    /// <summary><c>POST /models</c>: 200 when the model is ready, 409 when it was already.</summary>
    public async Task LoadAsync(HttpContext context)
    {
        await using RequestBody source = RequestBody.Open(context, limits);
        ReadOnlyMemory<byte> json = await source.ReadRestAsync(64 << 10, context.RequestAborted);
        (string name, string url) = ReadLoad(json.Span);
        source.Release();
        if (catalog.TryGetModel(name, out ModelSnapshot? model) && IsLoaded(model))
        {
            throw new SlipwayException(ErrorCode.AlreadyExists, $"model '{name}' is loaded already");
        }

        await control.LoadAsync(name, config: null, context.RequestAborted);
        _urls[name] = url;
        await JsonAnswers.SendJsonAsync(context, StatusCodes.Status200OK, ReadOnlyMemory<byte>.Empty);
    }

    /// <summary><c>DELETE /models/{model}</c></summary>
    public async Task UnloadAsync(HttpContext context)
    {
        string name = RequireLoaded(context);
        await control.UnloadAsync(name, context.RequestAborted);
        _urls.TryRemove(name, out _);
        await JsonAnswers.SendJsonAsync(context, StatusCodes.Status200OK, ReadOnlyMemory<byte>.Empty);
    }

    private static (string Name, string Url) ReadLoad(ReadOnlySpan<byte> json)
    {
        JsonCursor cursor = new(json);
        string? name = null;
        string? url = null;
        cursor.Take((byte)'{', "an object");
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            bool isName = key.SequenceEqual("model_name"u8);
            if (!isName && !key.SequenceEqual("url"u8))
            {
                cursor.SkipValue();
                continue;
            }

            string text = System.Text.Encoding.UTF8.GetString(cursor.ReadString());
            if (text.Length > LongestText || (isName ? name : url) is not null)
            {
                cursor.Fail(isName ? "'model_name' is too long or given twice" : "'url' is too long or given twice");
            }

            (name, url) = isName ? (text, url) : (name, text);
        }

        cursor.TakeEnd();
        return string.IsNullOrEmpty(name)
            ? throw new SlipwayException(ErrorCode.InvalidRequest, "'model_name' is missing")
            : (name, url ?? "");
    }

    private static bool IsLoaded(ModelSnapshot model) => model.Versions.Any(static version => version.State == ServableState.Ready);

    private string RequireLoaded(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["model"]!;
        return catalog.TryGetModel(name, out ModelSnapshot? model) && IsLoaded(model)
            ? name
            : throw new SlipwayException(ErrorCode.ModelNotFound, $"model '{name}' is not loaded");
    }

    private void WriteModel(JsonWriter json, string name)
    {
        json.Open();
        json.Property("modelName", name);
        json.Property("modelUrl", _urls.GetValueOrDefault(name, ""));
        json.Close();
    }
}
