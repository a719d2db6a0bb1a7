using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Settings;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Log and trace settings of the running server. What is changed holds until it is changed again or the server ends.</summary>
internal sealed class SettingsHandlers(IModelCatalog catalog, LogSettings log, TraceSettings trace, BodyLimits limits)
{
    private const int MostSettings = 64;

    /// <summary><c>GET /v2/logging</c></summary>
    public async Task LoggingAsync(HttpContext context)
    {
        using ResponseBuffer body = new();
        ParameterWriter.Write(body, log.Read());
        await body.SendJsonAsync(context);
    }

    /// <summary><c>POST /v2/logging</c>: changes the settings that are given and answers with all; null leaves one as it is.</summary>
    public async Task ChangeLoggingAsync(HttpContext context)
    {
        List<KeyValuePair<string, ParameterValue>> changes = [];
        await ReadAsync(context, (ref JsonCursor cursor, string name) =>
        {
            if (!cursor.TryTakeNull())
            {
                changes.Add(new(name, ParameterReader.Read(ref cursor, name)));
            }
        });
        log.Change(changes);
        await LoggingAsync(context);
    }

    /// <summary><c>GET /v2/trace/setting</c> and <c>GET /v2/models/{model}/trace/setting</c>, which are the same: a model has no settings of its own.</summary>
    public async Task TracingAsync(HttpContext context)
    {
        CheckModel(context);
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open();
        foreach ((string name, string value) in trace.Read())
        {
            json.Key(name);
            if (name == TraceSettings.LevelKey)
            {
                json.OpenArray();
                json.Value(value);
                json.CloseArray();
            }
            else
            {
                json.Value(value);
            }
        }

        json.Close();
        await body.SendJsonAsync(context);
    }

    /// <summary><c>POST /v2/trace/setting</c>: changes the settings that are given and answers with all; null puts the configured value back.</summary>
    public async Task ChangeTracingAsync(HttpContext context)
    {
        List<KeyValuePair<string, IReadOnlyList<string>>> changes = [];
        await ReadAsync(context, (ref JsonCursor cursor, string name) => changes.Add(new(name, ReadTexts(ref cursor))));
        if (CheckModel(context) && changes.Count > 0)
        {
            throw TraceSettings.NotOfModels();
        }

        trace.Change(changes);
        await TracingAsync(context);
    }

    // A text, a number, a list of texts, or null for none.
    private static List<string> ReadTexts(ref JsonCursor cursor)
    {
        List<string> texts = [];
        if (cursor.TryTakeNull())
        {
            return texts;
        }

        if (cursor.Peek() == '"')
        {
            texts.Add(System.Text.Encoding.UTF8.GetString(cursor.ReadString()));
        }
        else if (cursor.TryTake((byte)'['))
        {
            bool first = true;
            while (cursor.NextElement(ref first))
            {
                if (texts.Count == MostSettings)
                {
                    cursor.Fail($"expected at most {MostSettings} values");
                }

                texts.Add(System.Text.Encoding.UTF8.GetString(cursor.ReadString()));
            }
        }
        else
        {
            texts.Add(cursor.ReadInt64("a text, an integer or a list of texts").ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return texts;
    }

    private bool CheckModel(HttpContext context)
    {
        if (context.Request.RouteValues[RouteNames.ModelKey] is not string model)
        {
            return false;
        }

        catalog.Find(model);
        return true;
    }

    private async Task ReadAsync(HttpContext context, SettingReader read)
    {
        await using RequestBody source = RequestBody.Open(context, limits);
        ReadOnlyMemory<byte> json = await source.ReadRestAsync(limits.Options.MaxJsonBytes, context.RequestAborted);
        ReadObject(json.Span, read);
    }

    private static void ReadObject(ReadOnlySpan<byte> json, SettingReader read)
    {
        JsonCursor cursor = new(json);
        cursor.Take((byte)'{', "an object of settings");
        HashSet<string> names = new(StringComparer.Ordinal);
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            string name = System.Text.Encoding.UTF8.GetString(key);
            if (!names.Add(name) || names.Count > MostSettings)
            {
                cursor.Fail(names.Count > MostSettings ? $"at most {MostSettings} settings are taken" : $"the setting '{name}' for the second time");
            }

            read(ref cursor, name);
        }

        cursor.TakeEnd();
    }

    private delegate void SettingReader(ref JsonCursor cursor, string name);
}
