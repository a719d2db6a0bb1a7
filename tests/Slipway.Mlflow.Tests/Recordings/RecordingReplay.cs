using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Mlflow.Tests.Recordings;

/// <summary>Sends recorded requests to a server and compares the meaning of its answers with the recorded ones, by the rules of the data's manifest.</summary>
internal sealed partial class RecordingReplay(HttpClient client, Recording recording)
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    /// <summary>Sends every step.</summary>
    /// <returns>What differs, one line a step; advisory steps are sent and not compared.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        List<string> differences = [];
        for (int index = 0; index < recording.Steps.Count; index++)
        {
            JsonObject step = recording.Steps[index];
            using HttpRequestMessage request = ToRequest(step["request"]!.AsObject());
            using HttpResponseMessage answer = await client.SendAsync(request, cancellation);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            string? difference = Compare(step, answer, body);
            if (difference is not null && step["advisory"] is null)
            {
                string told = body.Length > 300 ? Encoding.UTF8.GetString(body, 0, 300) : Encoding.UTF8.GetString(body);
                differences.Add($"step {index} '{(string?)step["name"]}' {request.Method} {request.RequestUri}: {difference} | {(int)answer.StatusCode} {told}");
            }
        }

        return differences;
    }

    private HttpRequestMessage ToRequest(JsonObject recorded)
    {
        StringBuilder path = new(Fill((string)recorded["path"]!));
        char separator = '?';
        foreach (JsonNode? pair in recorded["query"] as JsonArray ?? [])
        {
            path.Append(separator).Append(Uri.EscapeDataString((string)pair![0]!)).Append('=').Append(Uri.EscapeDataString(Fill((string)pair[1]!)));
            separator = '&';
        }

        // As the wire had it: nothing is decoded or resolved on the way.
        UriCreationOptions raw = new() { DangerousDisablePathAndQueryCanonicalization = true };
        HttpRequestMessage request = new(new HttpMethod((string)recorded["method"]!), new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, in raw));
        byte[]? body = recorded.ContainsKey("json") ? Encoding.UTF8.GetBytes(Fill(recorded["json"]?.ToJsonString() ?? "null"))
            : recorded["body"] is { } text ? Encoding.UTF8.GetBytes(Fill((string)text!))
            : recorded["body_base64"] is { } base64 ? Convert.FromBase64String((string)base64!)
            : null;
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (recorded.ContainsKey("json"))
            {
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
        }

        foreach ((string name, JsonNode? value) in recorded["headers"] as JsonObject ?? [])
        {
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                request.Content?.Headers.Remove("Content-Type");
                request.Content?.Headers.TryAddWithoutValidation("Content-Type", (string)value!);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, (string)value!);
            }
        }

        return request;
    }

    private string? Compare(JsonObject step, HttpResponseMessage answer, byte[] body)
    {
        JsonObject expected = step["response"]!.AsObject();
        int status = (int)expected["status"]!;
        JsonNode? json = expected.ContainsKey("json") || step["capture"] is not null ? TryParse(body) : null;
        if (status == (int)answer.StatusCode)
        {
            Capture(step["capture"] as JsonObject, json);
        }

        if (status != (int)answer.StatusCode)
        {
            return $"status {status} expected";
        }

        string type = ((string?)expected["content_type"] ?? "").Split(';')[0];
        if (type.Length > 0 && type != answer.Content.Headers.ContentType?.MediaType)
        {
            return $"content type {type} expected, not {answer.Content.Headers.ContentType?.MediaType}";
        }

        if (expected.ContainsKey("json"))
        {
            JsonMeaning meaning = new(Fill, recording.Relative, recording.Absolute);
            return status >= 400 ? meaning.Differs(ErrorCode(expected["json"]), ErrorCode(json), "") : meaning.Differs(expected["json"], json, "");
        }

        if (expected["body_base64"] is { } bytes)
        {
            return Convert.FromBase64String((string)bytes!).AsSpan().SequenceEqual(body) ? null : "the bytes differ";
        }

        // Messages for people are information, as are those in JSON.
        string text = (string?)expected["text"] ?? "${any}";
        return text == "${any}" || status >= 400 || Fill(text) == Encoding.UTF8.GetString(body) ? null : $"text '{Fill(text)}' expected";
    }

    private static JsonObject ErrorCode(JsonNode? error) => new() { ["error_code"] = error?["error_code"]?.DeepClone() };

    private void Capture(JsonObject? capture, JsonNode? json)
    {
        foreach ((string name, JsonNode? path) in capture ?? [])
        {
            JsonNode? node = json;
            foreach (string part in ((string)path!).Split('.'))
            {
                node = int.TryParse(part, out int position) ? (node as JsonArray)?.ElementAtOrDefault(position) : (node as JsonObject)?[part];
            }

            if (node is not null)
            {
                _variables[name] = node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString();
            }
        }
    }

    private string Fill(string text) => Variable().Replace(text, match => _variables.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private static JsonNode? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Variable();
}
