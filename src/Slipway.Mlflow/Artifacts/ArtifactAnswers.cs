using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Artifacts;

/// <summary>Sends files and listings.</summary>
internal static class ArtifactAnswers
{
    /// <summary>Sends a file as an attachment, which no browser runs.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="content">Its content; closed.</param>
    public static async Task SendFileAsync(HttpContext context, string name, Stream content)
    {
        await using (content)
        {
            ContentDispositionHeaderValue disposition = new("attachment");
            disposition.SetHttpFileName(name[(name.LastIndexOf('/') + 1)..]);
            context.Response.ContentType = MediaTypes.Of(name);
            context.Response.ContentLength = content.Length;
            context.Response.Headers.ContentDisposition = disposition.ToString();
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    /// <summary>Writes the files of a folder.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="entries">What is in the folder.</param>
    /// <param name="folder">Put before every name; empty for none.</param>
    public static void WriteFiles(Utf8JsonWriter json, IReadOnlyList<ArtifactEntry> entries, string folder) =>
        json.WriteObjects("files", entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal), (json, entry) =>
        {
            json.WriteString("path", ArtifactPaths.Join(folder, entry.Name));
            json.WriteBoolean("is_dir", entry.File is null);
            if (entry.File is { } file)
            {
                json.WriteNumber("file_size", file.Length);
            }
        });
}
