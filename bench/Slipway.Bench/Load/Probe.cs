using System.Net;
using System.Text;

namespace Slipway.Bench.Load;

/// <summary>Sends a plan's request once and looks at the answer.</summary>
internal static class Probe
{
    /// <exception cref="InvalidOperationException">The answer is not a success.</exception>
    public static async Task<byte[]> HttpAsync(LoadPlan plan)
    {
        using HttpResponseMessage response = await SendAsync(plan, HttpVersion.Version11);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? body
            : throw new InvalidOperationException($"{plan.Url}: {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    /// <exception cref="InvalidOperationException">The answer is not a success.</exception>
    public static async Task<byte[]> GrpcAsync(LoadPlan plan)
    {
        using HttpResponseMessage response = await SendAsync(plan, HttpVersion.Version20);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        string status = Header(response, "grpc-status");
        return response.IsSuccessStatusCode && status == "0"
            ? body
            : throw new InvalidOperationException($"{plan.Url}: HTTP {(int)response.StatusCode}, gRPC {status} {Header(response, "grpc-message")}");
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values) ? values.First() : "none";

    private static async Task<HttpResponseMessage> SendAsync(LoadPlan plan, Version version)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, plan.Url)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(await File.ReadAllBytesAsync(plan.BodyFile)),
        };
        foreach ((string name, string value) in plan.Headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }
}
