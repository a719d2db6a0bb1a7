using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>The model repository extension. There is one repository, whatever name a caller gives it.</summary>
internal sealed class RepositoryHandlers(IModelCatalog catalog, IModelControl control, BodyLimits limits)
{
    /// <summary><c>POST /v2/repository[/{repository}]/index</c></summary>
    public async Task IndexAsync(HttpContext context)
    {
        bool readyOnly = false;
        await ReadBodyAsync(context, (ref JsonCursor cursor, scoped ReadOnlySpan<byte> key) =>
        {
            if (key.SequenceEqual("ready"u8))
            {
                readyOnly = cursor.ReadBool("true or false for 'ready'");
            }
            else
            {
                cursor.SkipValue();
            }
        });

        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.OpenArray();
        foreach (ModelSnapshot model in catalog.GetModels())
        {
            WriteModel(json, model, readyOnly);
        }

        json.CloseArray();
        await body.SendJsonAsync(context);
    }

    /// <summary><c>POST /v2/repository[/{repository}]/models/{model}/load</c>: answers when the model is ready.</summary>
    public async Task LoadAsync(HttpContext context)
    {
        string model = RouteNames.Model(context);
        string? config = null;
        await ReadParametersAsync(context, (ref JsonCursor cursor, scoped ReadOnlySpan<byte> key) =>
        {
            if (key.StartsWith("file:"u8))
            {
                throw new SlipwayException(
                    ErrorCode.NotSupported, "parameter 'file:…': model files are not taken from requests; put them into the repository");
            }

            if (!key.SequenceEqual("config"u8) || config is not null)
            {
                cursor.Fail("the only parameter of a load is 'config', once");
            }

            config = System.Text.Encoding.UTF8.GetString(cursor.ReadString());
        });

        Core.ModelConfig current = catalog.TryGetModel(model, out ModelSnapshot? known) ? known.Config : Core.ModelConfig.Default;
        await control.LoadAsync(model, config is null ? null : ModelConfigOverride.Read(model, config, current), context.RequestAborted);
        await AcknowledgeAsync(context, model, "load");
    }

    /// <summary><c>POST /v2/repository[/{repository}]/models/{model}/unload</c>. Models have no dependents here, so <c>unload_dependents</c> changes nothing.</summary>
    public async Task UnloadAsync(HttpContext context)
    {
        string model = RouteNames.Model(context);
        await ReadParametersAsync(context, static (ref JsonCursor cursor, scoped ReadOnlySpan<byte> key) =>
        {
            if (!key.SequenceEqual("unload_dependents"u8))
            {
                cursor.Fail("the only parameter of an unload is 'unload_dependents'");
            }

            cursor.ReadBool("true or false for 'unload_dependents'");
        });
        await control.UnloadAsync(model, context.RequestAborted);
        await AcknowledgeAsync(context, model, "unload");
    }

    private static void WriteModel(JsonWriter json, ModelSnapshot model, bool readyOnly)
    {
        if (model.Versions.Count == 0 && !readyOnly)
        {
            json.Open("name");
            json.Value(model.Name);
            if (model.Problem is { } problem)
            {
                json.Property("state", RepositoryStates.Of(ServableState.Failed));
                json.Property("reason", problem);
            }

            json.Close();
        }

        foreach (VersionSnapshot version in model.Versions)
        {
            if (readyOnly && version.State != ServableState.Ready)
            {
                continue;
            }

            json.Open("name");
            json.Value(model.Name);
            json.Property("version", version.Version.ToString(CultureInfo.InvariantCulture));
            json.Property("state", RepositoryStates.Of(version.State));
            if (!string.IsNullOrEmpty(version.Reason))
            {
                json.Property("reason", version.Reason);
            }

            json.Close();
        }
    }

    private static async Task AcknowledgeAsync(HttpContext context, string model, string verb)
    {
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open("name");
        json.Value(model);
        json.Property(verb, true);
        json.Close();
        await body.SendJsonAsync(context);
    }

    private Task ReadParametersAsync(HttpContext context, PropertyReader read) => ReadBodyAsync(context, (ref JsonCursor cursor, scoped ReadOnlySpan<byte> key) =>
    {
        if (!key.SequenceEqual("parameters"u8))
        {
            cursor.SkipValue();
            return;
        }

        ReadObject(ref cursor, read);
    });

    private async Task ReadBodyAsync(HttpContext context, PropertyReader read)
    {
        await using RequestBody source = RequestBody.Open(context, limits);
        ReadOnlyMemory<byte> json = await source.ReadRestAsync(limits.Options.MaxJsonBytes, context.RequestAborted);
        ReadBody(json.Span, read);
    }

    private static void ReadBody(ReadOnlySpan<byte> json, PropertyReader read)
    {
        JsonCursor cursor = new(json);
        if (cursor.Peek() != 0)
        {
            ReadObject(ref cursor, read);
            cursor.TakeEnd();
        }
    }

    private static void ReadObject(ref JsonCursor cursor, PropertyReader read)
    {
        cursor.Take((byte)'{', "an object");
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            read(ref cursor, key);
        }
    }

    private delegate void PropertyReader(ref JsonCursor cursor, scoped ReadOnlySpan<byte> key);
}
